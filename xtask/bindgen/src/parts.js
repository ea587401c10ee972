// Fetches the parts of the app that come later, and says when they are there.
import { initSync } from './app.js';

// The modules of each part.
const PARTS = {};

// The modules that were asked for.
const started = {};

// Has a module fetched and started once; one that did not come is asked for again the next time. It lies beside this
// script, with the same hash in its name, and finds in what the app exports all that it needs.
function start(module) {
  const address = import.meta.url.replace(/parts([^/]*)\.js$/, `${module}$1.wasm`);
  started[module] ??= WebAssembly.instantiateStreaming(fetch(address), { __wasm_split: initSync() }).catch((why) => {
    delete started[module];
    throw why;
  });
  return started[module];
}

// Has a part fetched; then calls the function that has this place in the app's table.
async function load(part, then, data) {
  let good = true;
  try {
    await Promise.all(PARTS[part].map(start));
  } catch (why) {
    console.error(why);
    good = false;
  }
  initSync().__indirect_function_table.get(then)(data, good);
}
