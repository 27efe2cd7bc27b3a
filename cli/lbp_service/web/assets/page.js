// All of this is to spare; without it each form is sent by the browser and every page works.
(() => {
  "use strict";
  const status = () => document.getElementById("status");
  const tell = (text, shown) => {
    status().textContent = text;
    status().classList.toggle("shown", shown);
  };

  // Where the eye is, reading goes on: at the heading, or at what is wrong.
  const land = () => {
    const place = document.querySelector("#page [data-focus]");
    if (place) place.focus();
    window.scrollTo(0, 0);
  };

  // The browser's own way back: each page is remembered, in the tab alone, by what was sent for it.
  let returning = false;
  const resend = body => {
    const form = document.createElement("form");
    for (const [name, value] of new URLSearchParams(body)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    const how = { post: "/", target: "#page", select: "#page", swap: "outerHTML" };
    for (const [name, value] of Object.entries(how)) form.setAttribute(`hx-${name}`, value);
    document.getElementById("page").append(form);
    htmx.process(form);
    returning = true;
    form.requestSubmit();
  };
  addEventListener("popstate", event => {
    if (event.state && "sent" in event.state) resend(event.state.sent);
    else location.reload();
  });

  // A link to the beginning begins anew. One to a field goes there, with no step 'back' from it.
  addEventListener("click", event => {
    if (event.target.closest?.('a[href="/"]')) history.replaceState(null, "");
    const link = event.target.closest?.('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
  });

  let sent = "";
  addEventListener("htmx:before:request", event => {
    sent = String(event.detail.ctx.request.body ?? "");
    tell("", false);
  });
  addEventListener("htmx:after:swap", event => {
    const compared = document.getElementById("compared");
    if (event.target.id === "controls") {
      tell(compared.dataset.spoken, false);
      return;
    }
    if (!returning) history.pushState({ sent }, "");
    returning = false;
    document.querySelectorAll("#page").forEach(begin);
    land();
  });
  addEventListener("htmx:error", () => {
    returning = false;
    tell("No answer came. What you entered is still here: check the connection and try again.", true);
  });

  // 'None of these' stands alone, and numbers that can be supposed have a slider beside the field.
  const begin = page => {
    const alone = page.querySelector("[data-alone]");
    const others = [...page.querySelectorAll("input[name=line]")];
    if (alone) {
      alone.addEventListener("change", () => others.forEach(each => { if (alone.checked) each.checked = false; }));
      others.forEach(each => each.addEventListener("change", () => { if (each.checked) alone.checked = false; }));
    }
    page.querySelectorAll("input[data-least]").forEach(slide);
  };
  const slide = field => {
    const slider = document.createElement("input");
    const { least, most, step, unit, given } = field.dataset;
    Object.assign(slider, { type: "range", min: least, max: most, step, value: field.value || least });
    const spoken = () => slider.setAttribute("aria-valuetext", `${slider.value} ${unit}`.trim());
    const label = field.labels[0].textContent;
    const take = value => { slider.value = field.value = value; spoken(); field.dispatchEvent(new Event("change", { bubbles: true })); };
    slider.setAttribute("aria-label", `${label}, slider`);
    // The ends of its interval and its number are ticks.
    if (field.hasAttribute("list")) slider.setAttribute("list", field.getAttribute("list"));
    field.removeAttribute("list");
    slider.addEventListener("input", () => take(slider.value));
    field.addEventListener("input", () => { if (field.value) { slider.value = field.value; spoken(); } });
    const presses = document.createElement("span");
    presses.className = "presses";
    const press = (text, name, value) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: text });
      button.setAttribute("aria-label", `${name}, ${label}`);
      button.addEventListener("click", () => take(value()));
      presses.append(button);
    };
    const by = (sign, size = step === "any" ? 1 : Number(step)) => () =>
      Math.min(most, Math.max(least, Number(((Number(field.value) || Number(least)) + sign * size).toFixed(9))));
    press("−", "less", by(-1));
    press("+", "more", by(1));
    if (given) press("Reset", `Reset to ${given} ${unit}`.trim(), () => given);
    spoken();
    field.nextElementSibling.after(presses);
    presses.after(slider);
  };
  addEventListener("DOMContentLoaded", () => {
    if (history.state && "sent" in history.state) resend(history.state.sent);
    else document.querySelectorAll("#page").forEach(begin);
  });
})();
