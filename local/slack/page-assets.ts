export const pageStyle = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 50rem; margin: 0 auto; padding: 1rem; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 1rem; }
h1 { font-size: 1.2rem; } h2 { font-size: 1.1rem; border-bottom: 1px solid; } h3, p { margin: .3rem 0; }
article { padding: .5rem 0; overflow-wrap: anywhere; }
.thread { margin-left: 1.5rem; padding-left: 1rem; border-left: 3px solid; }
.context { opacity: .8; font-size: .9rem; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .3rem 1rem; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; margin: .4rem 0; }
button, select { font: inherit; padding: .3rem .9rem; border-radius: .3rem; }
button.primary { background: #007a5a; color: #fff; border: 1px solid #007a5a; }
button.danger { background: #c01343; color: #fff; border: 1px solid #c01343; }
.fault:not(:empty) { border-left: 3px solid #c01343; padding-left: .5rem; }
pre { white-space: pre-wrap; padding: .5rem; border: 1px solid; } .mention { font-weight: 600; }
`;

/** HTML comes escaped from the server; this script only puts it in its place, and sends clicks. */
export const pageScript = `
const { key, base } = document.body.dataset;
const user = document.getElementById("user");
const channels = document.getElementById("channels");
const status = document.getElementById("status");
const faults = new Map();
let shown = "";
user.value = sessionStorage.getItem("user") || user.value;
user.addEventListener("change", () => { sessionStorage.setItem("user", user.value); shown = ""; void refresh(); });
async function refresh() {
  try {
    const response = await fetch(base + "/messages.json?user=" + encodeURIComponent(user.value));
    const { version, html } = await response.json();
    const state = user.value + " " + version;
    if (state !== shown) show(html, state);
    if (status.textContent !== "") status.textContent = "";
  } catch {
    status.textContent = "The local cloud does not answer.";
  }
}
function show(html, state) {
  const focused = document.activeElement && document.activeElement.dataset.action;
  const article = focused && document.activeElement.closest("article").id;
  channels.innerHTML = html;
  shown = state;
  for (const [id, text] of faults) tell(id, text);
  const again = article && document.querySelector("#" + article + " [data-action='" + CSS.escape(focused) + "']");
  if (again) again.focus();
}
function tell(id, text) {
  const place = document.querySelector("#" + id + " .fault");
  if (place) place.textContent = text;
}
channels.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-action]");
  if (!button || (button.dataset.confirm && !confirm(button.dataset.confirm))) return;
  const article = button.closest("article");
  button.disabled = true;
  const { channel, ts } = article.dataset;
  const click = { user: user.value, channel, ts, actionId: button.dataset.action };
  const text = await send(click).catch(() => "The local cloud does not answer.");
  faults.set(article.id, text);
  tell(article.id, text);
  button.disabled = false;
  await refresh();
});
async function send(click) {
  const headers = { "content-type": "application/json", "x-page-key": key };
  const response = await fetch(base + "/click", { method: "POST", headers, body: JSON.stringify(click) });
  const outcome = await response.json();
  return outcome.kind === "delivered" ? "" : "\\u26a0 " + outcome.message;
}
setInterval(refresh, 1000);
void refresh();
`;
