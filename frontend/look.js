// Puts on how somebody wants the app to look, before anything of it is seen.
for (const what of ['theme', 'density']) {
  try {
    const chosen = localStorage.getItem(`bulkhead.${what}`);
    if (chosen) document.documentElement.dataset[what] = chosen;
  } catch {
    // A browser that keeps nothing shows it as the system has it.
  }
}
