// What a generated client in TypeScript has to compile and to say: the report, typed.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.d.ts";

const evidence: Record<string, boolean | number | string | null> = JSON.parse(process.argv[3]);
const client = createClient<paths>({ baseUrl: process.argv[2] });
const { data, error } = await client.POST("/v1/diagnosis", { body: { evidence } });
if (error !== undefined) {
  const problem: components["schemas"]["Problem"] = error;
  throw new Error(problem.detail);
}
const report = data as components["schemas"]["Report"];
const probabilities: number[] = report.causes.map((cause) => cause.probability);
console.log(JSON.stringify({ level: report.triage.level, probabilities }));
const refused = await client.POST("/v1/diagnosis", { body: { evidence: { nothing: true } } });
console.log(JSON.stringify({ status: refused.response.status, detail: refused.error?.detail }));
