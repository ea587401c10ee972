//! What the mails are about. Words in braces are filled in: see `fill` in `kinds`.

/// Whose mailbox it is.
pub(in crate::sandbox) const OWNER: (&str, &str) = ("Alex Morgan", "alex.morgan@example.com");

/// Name and address of newsletters, and the number of their first issue here.
pub(super) const NEWSLETTERS: &[(&str, &str, u32)] = &[
    ("Rust Fortnightly", "editor@rust-fortnightly.example", 79),
    ("The Morning Digest", "hello@morningdigest.example", 1096),
    ("Frontend Friday", "friday@frontendfriday.example", 157),
    ("Harbour & Home", "letters@harbourhome.example", 37),
    ("DataBytes Weekly", "weekly@databytes.example", 157),
    ("The Slow Cook", "kitchen@slowcook.example", 157),
    ("Startup Ledger", "news@startupledger.example", 313),
    (
        "City Cycling Club",
        "newsletter@citycycling.example.org",
        24,
    ),
    ("Garden Almanac", "almanac@gardenalmanac.example", 37),
    ("Papers We Skim", "papers@paperswe.example.net", 79),
    ("Museum of Maps", "programme@museumofmaps.example.org", 37),
    ("Café Société", "bonjour@cafesociete.example", 73),
    ("Kubernetes Corner", "corner@k8scorner.example", 157),
    ("Trail Running Today", "run@trailtoday.example", 157),
    (
        "Der Wochenüberblick",
        "redaktion@wochenueberblick.example",
        52,
    ),
    ("Quiet Investor", "brief@quietinvestor.example", 751),
    ("Indie Game Post", "post@indiegames.example", 79),
    ("Library Friends", "friends@library.example.org", 37),
    ("Security Sunday", "sunday@secsunday.example", 157),
    ("Design Notes", "notes@designnotes.example", 301),
    ("東京だより", "letter@tokyo-dayori.example", 73),
    ("Weekend Hikes", "maps@weekendhikes.example", 157),
];

pub(super) const NEWSLETTER_SUBJECTS: &[&str] = &[
    "{title} #{issue}: {topic}",
    "{title} #{issue} – {topic} and more",
    "Issue {issue}: {topic}",
    "{topic} | {title} no. {issue}",
    "#{issue} 🗞️ {topic}",
    "This week: {topic} (issue {issue})",
    "{topic}",
];

pub(super) const TOPICS: &[&str] = &[
    "why small batches win",
    "the end of the long meeting",
    "seven soups for a cold week",
    "what we learned from 10,000 queues",
    "a better way to say no",
    "spring routes along the river",
    "five tools you did not know you had",
    "the case for boring databases",
    "slow mornings, fast compilers",
    "the readers' favourites of the year",
    "a field guide to error messages",
    "how to keep basil alive",
    "three charts that explain shipping",
    "the return of the night train",
    "borrow checking for beginners",
    "what the auditors found",
    "old maps, new streets",
    "an interview with a lighthouse keeper",
    "the quiet rise of plain text",
    "twelve walks under two hours",
    "when caching hurts",
    "better defaults for everyone",
    "the année in review",
    "naïve sorting, clever data",
];

/// Name, address and what they call one thing that happens.
pub(super) const NETWORKS: &[(&str, &str)] = &[
    ("Circles", "notify@circles.example"),
    ("WorkGraph", "updates@workgraph.example"),
    ("Pixelpost", "no-reply@pixelpost.example"),
    ("Chirper", "info@chirper.example"),
    ("MeetNearby", "events@meetnearby.example"),
    ("BookShelf", "friends@bookshelf.example"),
    ("Stride", "kudos@stride.example"),
    ("Threadboard", "digest@threadboard.example.net"),
];

pub(super) const SOCIAL_SUBJECTS: &[&str] = &[
    "{person} commented on your post",
    "{person} and {small} others liked your photo",
    "You have {small} new notifications",
    "{person} wants to connect",
    "{person} mentioned you in a comment",
    "New event near you: {topic}",
    "{person} gave you kudos 👍",
    "Your weekly summary: {small} visits to your profile",
    "{person} posted for the first time in a while",
    "People you may know: {person}, {person} and {small} more",
    "🎉 {person} has a birthday today",
    "{person} replied to “{topic}”",
];

pub(super) const SHOPS: &[(&str, &str)] = &[
    ("Northwind Outdoor", "orders@northwind.example"),
    ("Paper & Ink", "shop@paperandink.example"),
    ("Volt Electronics", "service@volt-electronics.example"),
    ("Greengrocer Direct", "basket@greengrocer.example"),
    ("Bücherhaus König", "bestellung@buecherhaus.example"),
    ("Little Lighthouse Toys", "hello@lighthousetoys.example"),
    ("Cotton Lane", "care@cottonlane.example"),
    ("Spoke & Chain", "workshop@spokechain.example"),
    ("Maison Élodie", "service@maison-elodie.example"),
    ("HomeBase Tools", "no-reply@homebasetools.example"),
    ("Kettle & Leaf Tea", "tea@kettleleaf.example"),
    ("Parcel Express", "tracking@parcelexpress.example"),
];

pub(super) const OFFER_SUBJECTS: &[&str] = &[
    "{percent}% off everything, this weekend only",
    "🔥 Last chance: {percent}% off ends tonight",
    "New in: {product}",
    "Your basket misses you 🛒",
    "{product} is back in stock",
    "A small thank you: {percent}% for your next order",
    "Free delivery until Sunday",
    "How was your {product}? Leave a review",
];

pub(super) const ORDER_SUBJECTS: &[&str] = &[
    "Your order {order} is confirmed",
    "Receipt for order {order}",
    "Order {order} has shipped 📦",
    "Delivered: your {product}",
    "Your parcel {order} arrives tomorrow",
    "Refund for order {order}",
    "Rechnung zu Bestellung {order}",
];

pub(super) const PRODUCTS: &[&str] = &[
    "trail shoes",
    "fountain pen set",
    "noise-cancelling headphones",
    "organic vegetable box",
    "wooden train",
    "linen shirt",
    "bicycle light",
    "crème brûlée torch",
    "cordless drill",
    "Darjeeling first flush",
    "rain jacket",
    "desk lamp",
    "notebook, dotted, three-pack",
    "USB-C hub",
];

/// First name, last name, address.
pub(super) const PEOPLE: &[(&str, &str)] = &[
    ("Anna Kowalska", "anna.kowalska@example.org"),
    ("Bob Tanner", "bob.tanner@example.net"),
    ("Chloé Durand", "chloe.durand@example.org"),
    ("David Okafor", "david.okafor@example.com"),
    ("Elena Petrova", "elena.petrova@example.net"),
    ("Farid Haddad", "farid@haddad.example"),
    ("Grace Lin", "grace.lin@example.com"),
    ("Henrik Sørensen", "henrik@soerensen.example"),
    ("Isabel Ortega", "isabel.ortega@example.org"),
    ("Jonas Müller", "jonas.mueller@example.com"),
    ("Keiko Tanaka", "keiko.tanaka@example.net"),
    ("Łukasz Nowak", "lukasz.nowak@example.com"),
    ("Mia Schneider", "mia.schneider@example.org"),
    ("Niamh O'Brien", "niamh.obrien@example.net"),
    ("Oscar Lindqvist", "oscar@lindqvist.example"),
    ("Priya Raman", "priya.raman@example.com"),
    ("Quentin Moreau", "quentin.moreau@example.org"),
    ("Rosa Bianchi", "rosa.bianchi@example.net"),
    ("Samuel Adeyemi", "samuel.adeyemi@example.com"),
    ("Tomás Silva", "tomas.silva@example.org"),
    ("Uma Patel", "uma.patel@example.com"),
    ("Viktor Horváth", "viktor.horvath@example.net"),
    ("Wei Zhang", "wei.zhang@example.com"),
    ("山田 花子", "hanako.yamada@example.net"),
    ("Yara Haddad", "yara@haddad.example"),
    ("Zoë Fischer", "zoe.fischer@example.org"),
];

pub(super) const WORK_SUBJECTS: &[&str] = &[
    "{project}: numbers for {month}",
    "Draft of the {project} proposal",
    "Review of {project} on Thursday?",
    "{project} budget, second round",
    "Who takes the {project} demo?",
    "Minutes: {project} weekly",
    "Question about the {project} contract",
    "{project} launch checklist",
    "Holiday cover in {month}",
    "Feedback on the {project} slides",
];

pub(super) const PROJECTS: &[&str] = &[
    "Aurora", "Bluebird", "Cedar", "Drydock", "Ember", "Foxglove", "Granite", "Harbour",
];

pub(super) const PERSONAL_SUBJECTS: &[&str] = &[
    "Dinner on Saturday?",
    "Photos from the lake",
    "Mum's birthday",
    "The flat in {city}",
    "That book you mentioned",
    "Weekend in {city}?",
    "Recipe as promised",
    "Keys and the cat",
    "Running on Sunday 🏃",
    "Happy new year!",
    "Grüße aus {city}",
    "Old school photos",
];

pub(in super::super) const CITIES: &[&str] = &[
    "Lisbon",
    "Kraków",
    "Edinburgh",
    "Zürich",
    "Bergen",
    "Valencia",
    "Kyoto",
    "Montréal",
    "Ghent",
    "Vienna",
    "Porto",
    "Malmö",
];

pub(super) const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const REPOSITORIES: &[&str] = &[
    "aurora/api",
    "aurora/web",
    "bluebird/worker",
    "cedar/infra",
    "ember/cli",
    "granite/docs",
];

pub(super) const BUILD_SUBJECTS: &[&str] = &[
    "[{repository}] Build #{build} failed on main",
    "[{repository}] Build #{build} is green again",
    "[{repository}] {person} requested your review on #{small}{small}",
    "[{repository}] Nightly run #{build}: {small} tests failed",
    "[{repository}] Release 1.{small}.0 is out",
];

pub(super) const BILLERS: &[(&str, &str)] = &[
    ("Clearwater Utilities", "billing@clearwater.example"),
    ("Cloudlet Hosting", "invoices@cloudlet.example"),
    ("Brightline Mobile", "rechnung@brightline.example"),
    ("Oakfield Insurance", "accounts@oakfield.example"),
];

pub(super) const BILL_SUBJECTS: &[&str] = &[
    "Invoice {order} for {month}",
    "Your {month} statement is ready",
    "Payment received: {amount}",
    "Reminder: invoice {order} is due",
];

pub(super) const CARRIERS: &[(&str, &str)] = &[
    ("Skyway Airlines", "bookings@skyway.example"),
    ("Nordic Rail", "tickets@nordicrail.example"),
    ("Hotel Belvédère", "reservations@belvedere.example"),
    ("StayNest", "trips@staynest.example"),
];

pub(super) const TRIP_SUBJECTS: &[&str] = &[
    "Booking confirmed: {city}, reference {order}",
    "Your trip to {city} is in 3 days ✈️",
    "Check in now for {city}",
    "Boarding pass: {city}",
    "How was your stay in {city}?",
];

pub(super) const MEETING_SUBJECTS: &[&str] = &[
    "Invitation: {project} weekly @ Tue 10:00",
    "Updated invitation: {project} review @ Thu 14:30",
    "Accepted: {project} planning",
    "Declined: coffee with {person}",
    "Cancelled: {project} retrospective",
];

pub(super) const GUARDS: &[(&str, &str)] = &[
    ("Account Security", "security@circles.example"),
    ("Cloudlet Hosting", "alerts@cloudlet.example"),
    ("First Harbour Bank", "secure@firstharbour.example"),
];

pub(super) const ALARM_SUBJECTS: &[&str] = &[
    "New sign-in from {city}",
    "Your verification code",
    "Your password was changed",
    "Action needed: confirm your recovery address",
];

pub(super) const SPAMMERS: &[(&str, &str)] = &[
    ("Prize Department", "winner@lucky-draw.example"),
    ("Dr. Wellness", "offers@miracle-pills.example"),
    ("Finance Desk", "urgent@quick-loans.example"),
    ("Your Parcel", "notice@parcel-fee.example"),
];

pub(super) const SPAM_SUBJECTS: &[&str] = &[
    "You have WON {amount} !!!",
    "Re: your unpaid parcel fee",
    "Doctors hate this simple trick",
    "Loan of {amount} approved, no questions",
    "💊💊 {percent}% discount",
];

pub(super) const NEWSLETTER_OPENINGS: &[&str] = &[
    "Good morning! In this issue: {topic}, {topic}.",
    "Dear reader, it has been a busy week.",
    "Hello again. First things first: {topic}.",
    "You get this because you signed up in {city}, long ago.",
];

pub(super) const SOCIAL_OPENINGS: &[&str] = &[
    "See what your friends have been up to while you were away.",
    "{person} and {person} are waiting for your answer.",
    "There is something new on your page.",
    "You have {small} unread messages, the oldest from {month}.",
];

pub(super) const OFFER_OPENINGS: &[&str] = &[
    "Picked for you: {product}, {product} and {small} more.",
    "Only while stocks last. Members save {percent}% on {product}.",
    "It is that time of the year again.",
];

pub(super) const ORDER_OPENINGS: &[&str] = &[
    "Hello Alex, thank you for your order {order}. Total: {amount}.",
    "1 × {product}, {amount}. Payment: card ending in 4242.",
    "Your parcel is on its way and will be there in {small} days.",
];

pub(super) const BUILD_OPENINGS: &[&str] = &[
    "{small} of 412 checks need your attention. Started by {person}.",
    "All 412 checks have passed in {small} minutes.",
];

pub(super) const BILL_OPENINGS: &[&str] = &[
    "Amount due: {amount}, to be paid within 14 days.",
    "Thank you for your payment of {amount}.",
];

pub(super) const TRIP_OPENINGS: &[&str] = &[
    "Reference {order}. Seat {small}A, one bag, {amount} in all.",
    "Reference {order}. Two nights, breakfast included, {amount} in all.",
];

pub(super) const MEETING_OPENINGS: &[&str] = &[
    "When: Tuesday 10:00 to 10:45. Where: room {city}.",
    "{person} has proposed another time.",
];

pub(super) const ALARM_OPENINGS: &[&str] = &[
    "We noticed a sign-in near {city}. If it was you, nothing needs to be done.",
    "The code is valid for {small} minutes. Never pass it on to anybody.",
];

pub(super) const SPAM_OPENINGS: &[&str] = &[
    "Dear friend, I write to you about the sum of {amount}.",
    "CONGRATULATIONS, your address was drawn in {city}!!!",
];

pub(super) const TALK_OPENINGS: &[&str] = &["Hi,", "Hello everyone,", "Hello,", "Dear all,"];

/// Sentences for any text.
pub(in super::super) const SENTENCES: &[&str] = &[
    "It took longer than we thought, but the result was worth it.",
    "You can read the whole story on our site.",
    "Thanks to everyone who wrote in last time.",
    "The short version: measure first, then change one thing.",
    "There is a photo of it somewhere in this message.",
    "We tried it for a month and kept notes.",
    "Nobody expected the second half to be the harder one.",
    "If you only have a minute, read the last paragraph.",
    "Next time we will look at the other side of the question.",
    "The numbers below are from our own records.",
    "As always, reply to this message if something is unclear.",
    "Prices include tax and delivery.",
    "The weather forecast looks good for once.",
    "Somebody left a very kind note about it.",
    "It is a small step, yet it changes how the rest fits together.",
    "Please keep this message for your records.",
];

/// Sentences in mails between people.
pub(super) const REPLIES: &[&str] = &[
    "Works for me.",
    "I had a look and left two comments, nothing serious.",
    "Could you send me the latest version before Friday?",
    "Sorry for the slow answer, last week was full.",
    "I am fine with either, you decide.",
    "Let us talk about it on the phone.",
    "See attached.",
    "One more thing: the room is booked until noon only.",
    "Greetings from a very rainy place.",
    "That would be lovely, count me in.",
    "I would rather wait until the figures are final.",
    "Bitte entschuldige die späte Antwort, ich war unterwegs.",
];
