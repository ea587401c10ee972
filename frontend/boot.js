// Starts the app. A file of its own, because the page allows no script inside it.

// What the first page needs is asked for while the app is on its way, and `api::early` takes the answers: each when
// what follows from it is asked for too, because the app would ask for that itself. This is only for who comes with a
// cookie: whoever signs in elsewhere has to get a token first. The addresses are those of `src/api.rs`, letter for
// letter.
const early = globalThis.early = new Map();
const ask = (address, then) => {
  const key = localStorage.getItem('bulkhead.key');
  const answer = fetch(address, { headers: key ? { 'x-bulkhead-key': key } : {} });
  const followed = answer.then((it) => it.clone().json()).then(then).catch(() => {});
  early.set(new URL(address, location).href, followed.then(() => answer));
};
const askForList = ({ accounts }) => {
  const [, place, account, rest] = location.pathname.split('/');
  const shown = account ? accounts.find(({ id }) => id === account) : accounts[0];
  if (!shown?.stores.mail || !['', 'accounts'].includes(place) || rest) return;
  const q = new URLSearchParams(location.search).get('q') ?? 'in:inbox';
  ask(`/api/v1/accounts/${shown.id}/items?${new URLSearchParams({ q, offset: 0, limit: 100 })}`);
};
try {
  if (location.pathname !== '/signed-out' && !location.hash) {
    ask('/api/v1/sign-in', ({ kind }) => kind === 'token' && ask('/api/v1/accounts', askForList));
  }
} catch {
  // A browser that keeps nothing: the app asks.
}
// Answers that nobody took in time are old ones.
setTimeout(() => early.clear(), 10_000);

// A browser takes long for the first number and the first date that it writes. Now it has nothing else to do; one after
// the other, so that it can answer a touch between them.
setTimeout(() => new Intl.NumberFormat().format(1_000));
const parts = { day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric' };
setTimeout(() => new Intl.DateTimeFormat(undefined, parts).format());

try {
  const { default: init } = await import('./{{app.js}}');
  await init({ module_or_path: new URL('./{{app_bg.wasm}}', import.meta.url) });
} catch (why) {
  // A bar that goes on would promise what does not come. What says so in other languages did not come either.
  const splash = document.querySelector('.splash');
  splash?.removeAttribute('aria-busy');
  splash?.setAttribute('role', 'alert');
  splash?.replaceChildren('Bulkhead could not be loaded. Reload the page to try again.');
  throw why;
}
