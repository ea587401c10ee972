// What a browser has to learn before it writes the first number and the first date is learned here, beside the page, so
// that the page never stands still for it. Chromium keeps what one thread learned for all; elsewhere it does no harm.
new Intl.NumberFormat().format(1_000);
new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric' }).format();
close();
