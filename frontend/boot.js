// Starts the app. A file of its own, because the page allows no script inside it.

// What the first page needs is asked for while the app is on its way, and `api::early` takes the answers. That is
// only for who comes with a cookie: whoever signs in elsewhere has to get a token first.
const early = globalThis.early = new Map();
const ask = async (address) => {
  const key = localStorage.getItem('bulkhead.key');
  const answer = fetch(address, { headers: key ? { 'x-bulkhead-key': key } : {} });
  early.set(new URL(address, location).href, answer);
  return (await answer).clone().json();
};
const askFirst = async () => {
  const [, place, account, rest] = location.pathname.split('/');
  if (place === 'signed-out' || location.hash) return;
  if ((await ask('/api/v1/sign-in')).kind !== 'token') return;
  const { accounts = [] } = await ask('/api/v1/accounts');
  const shown = account ? accounts.find(({ id }) => id === account) : accounts[0];
  if (!shown?.stores.mail || !['', 'accounts'].includes(place) || rest) return;
  const q = new URLSearchParams(location.search).get('q') ?? 'in:inbox';
  await ask(`/api/v1/accounts/${shown.id}/items?${new URLSearchParams({ q, offset: 0, limit: 100 })}`);
};
// Whatever did not come is asked for again, and answers that nobody took in time are old ones.
askFirst().catch(() => {});
setTimeout(() => early.clear(), 10_000);

// A browser takes long for the first number and the first date that it writes. Now it has nothing else to do.
new Intl.NumberFormat(navigator.language).format(1_000);
new Intl.DateTimeFormat(navigator.language, { day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric' }).format();

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
