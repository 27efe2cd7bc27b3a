"""The MCP door: the tools for models of language, over stdio or streamable HTTP."""
