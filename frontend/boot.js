// Starts the app. A file of its own, because the page allows no script inside it.

try {
  const { default: init } = await import('./{{app.js}}');
  // What did not come, or not as it should, may come the next time.
  const app = await compiled.catch(() => new URL('./{{app_bg.wasm}}', import.meta.url));
  await init({ module_or_path: app });
} catch (why) {
  // A bar that goes on would promise what does not come. What says so in other languages did not come either.
  const splash = document.querySelector('.splash');
  splash?.removeAttribute('aria-busy');
  splash?.setAttribute('role', 'alert');
  splash?.replaceChildren('Bulkhead could not be loaded. Reload the page to try again.');
  throw why;
}
