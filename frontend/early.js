// What is done before the app is here, and before anything is seen. The braces keep its names to itself.
{
  // How somebody wants the app to look is put on.
  for (const what of ['theme', 'density']) {
    try {
      const chosen = localStorage.getItem(`bulkhead.${what}`);
      if (chosen) document.documentElement.dataset[what] = chosen;
    } catch {
      // A browser that keeps nothing shows it as the system has it.
    }
  }

  // What the first page needs is asked for, and `api::early` takes the answers: each when what follows from it is asked
  // for too, because the app would ask for that itself. This is only for who comes with a cookie: whoever signs in
  // elsewhere has to get a token first. The addresses are those of `src/api.rs`, letter for letter.
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

  // The app is compiled as it comes. `boot.js` takes it.
  globalThis.compiled = WebAssembly.compileStreaming(fetch('/{{app_bg.wasm}}'));
  compiled.catch(() => {});

  // Numbers and dates are learned to be written meanwhile.
  new Worker('/{{intl.js}}');
}
