//! Every number that both sides check, with its reason.

/// Ids in one request. A body of 10,000 ids of 60 bytes stays well under API Gateway's 10 MB.
pub const IDS_PER_REQUEST: usize = 10_000;
/// Bytes of a request's body: room for the ids above.
pub const BODY_BYTES: usize = 2 * 1024 * 1024;
/// Mails of one decision about those that wait for a person: each is looked up before anything is drafted, within the
/// time of a request.
pub const REVIEWED_PER_REQUEST: usize = 2_000;
/// Rows in one request, each of which makes an item.
pub const ROWS_PER_REQUEST: usize = 10_000;
/// Bytes of what one row brings: a card with a photo from a telephone. The body of the request bounds all of
/// them together.
pub const INPUT_BYTES: usize = 1024 * 1024;
/// Rows of one page of a listing: default and most.
pub const PAGE_ITEMS: u32 = 50;
/// Most rows of one page of a listing.
pub const PAGE_ITEMS_MOST: u32 = 500;
/// Labels named by one job.
pub const LABELS_PER_JOB: usize = 20;
/// Bytes of a label.
pub const LABEL_BYTES: usize = 100;
/// Bytes of a folder's name, with the folders it lies in: deeper than servers nest them. A manifest names
/// a long folder by a hash, so no id grows with it.
pub const FOLDER_NAME_BYTES: usize = 2_000;
/// Bytes of a query's text.
pub const QUERY_BYTES: usize = 2_000;
/// Terms of a query: keeps its translation (an IMAP command, an SQL statement) small.
pub const QUERY_TERMS: usize = 100;
/// Brackets inside brackets in a query: keeps reading and translating it shallow.
pub const QUERY_DEPTH: usize = 10;
/// Requests of one person in a minute. A page that watches a job asks once a second; this is room for
/// four of them and for the person to click, and far less than one person could cost.
pub const REQUESTS_PER_MINUTE: u32 = 300;
/// Jobs of one person that were confirmed and have not ended, and as many drafts besides. More than anybody
/// oversees, and few enough that looking at each of them is one quick answer.
pub const OPEN_JOBS: u32 = 50;
/// Items of a job that begins without a second request, where it comes back exactly: what a person sees
/// leave the screen, and brings back with one key.
pub const AT_ONCE_ITEMS: u64 = 50;
/// Connections that one person may try in an hour: enough to mistype a password a few times, too few to
/// guess at others' or to look for servers.
pub const CONNECTION_TRIES_PER_HOUR: u32 = 10;
/// Requests of one person that wait for a mail server at once. A page asks for a list and for folders;
/// this is two pages.
pub const WAITING_REQUESTS: u32 = 4;
/// Bytes of a file that is taken in by the app. What is larger comes in by the command line, from where it
/// lies.
pub const IMPORT_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Bytes of a mail that are read to show it: nearly every mail whole, and little enough to be in memory.
pub const READ_BYTES: usize = 8 * 1024 * 1024;
/// Bytes of a mail's text, and as many of its HTML, that are shown. Both and the source stay under the 6 MB
/// that a function on AWS may answer.
pub const SHOWN_TEXT_BYTES: usize = 1024 * 1024;
/// Bytes of a mail's source that are shown: all headers, and enough of the rest.
pub const SHOWN_SOURCE_BYTES: usize = 256 * 1024;
/// Characters of an idempotency key.
pub const IDEMPOTENCY_KEY_CHARS: usize = 255;
/// Characters of an account's name.
pub const ACCOUNT_NAME_CHARS: usize = 100;

/// Bytes of a subject's template.
pub const SUBJECT_BYTES: usize = 1_000;
/// Bytes of the template of a text or of HTML: a newsletter with its styles, and few enough to be kept with the job.
pub const TEMPLATE_BYTES: usize = 200_000;
/// Bytes of a template that is kept, as JSON: with its frame below what a row may have.
pub const KEPT_TEMPLATE_BYTES: usize = 300_000;
/// Characters of the name of a template that is kept.
pub const TEMPLATE_NAME_CHARS: usize = 100;
/// Templates that are kept with an account.
pub const TEMPLATES_MOST: usize = 100;
/// Versions of a template that are kept.
pub const TEMPLATE_VERSIONS_MOST: u32 = 100;
/// Mails to recipients in a batch.
pub const RECIPIENT_BATCH_SIZE: std::ops::RangeInclusive<u32> = 1..=25;
/// Bytes of what is known of one recipient.
pub const RECIPIENT_BYTES: usize = 16 * 1024;
/// Bytes of a page's address on which somebody says that they want no more mails.
pub const UNSUBSCRIBE_BYTES: usize = 500;
/// Addresses on an account's list of those who get no mail: read whole when a job is drafted, so few enough for that
/// to be quick, and more than jobs of 10,000 rows have in years.
pub const SUPPRESSED_MOST: usize = 20_000;
/// Addresses that are put onto that list by one request.
pub const SUPPRESSED_PER_REQUEST: usize = 1_000;
/// Days after a job that sends in which reports of its mails are looked for.
pub const BOUNCE_DAYS: i64 = 7;
/// Rows that are named one by one because they get no mail.
pub const LEFT_OUT_SHOWN: usize = 1_000;
/// Mails that are shown in one answer.
pub const LETTERS_SHOWN: usize = 50;
/// Bytes of the text of a drafted reply, most, without what it quotes: some ten pages, and never a wall of text.
pub const REPLY_BYTES: usize = 20_000;
/// Bytes of what a model is told to write in a reply, most: a paragraph.
pub const INSTRUCTION_BYTES: usize = 1_000;
/// Bytes of what it writes, most: a page. What is longer nobody reads before sending.
pub const WRITTEN_BYTES: usize = 4_000;
/// Bytes of a finished mail, most, files that go along and their encoding with it: what most servers take (10 MB).
pub const LETTER_BYTES: usize = 10_000_000;
/// Bytes of a file that goes along with a mail: a function on AWS takes a request of 6 MB, which a file fills by
/// 4.5 MB, because it travels as base64 there.
pub const ATTACHMENT_BYTES: usize = 4_000_000;
/// Files that go along with every mail of a job.
pub const ATTACHMENTS_MOST: usize = 10;
/// Files of which a column names one for each mail. They are named in the operation, so few enough to be stored with
/// it beside its templates.
pub const NAMED_FILES_MOST: usize = 1_000;
/// Of the files that a column names, those that are told with a job that is no draft any more: its status is asked for
/// again and again, and with all of them it would be an answer of 130 KB each time.
pub const NAMED_FILES_SHOWN: usize = 20;
/// Bytes of the name of a file that goes along.
pub const ATTACHMENT_NAME_BYTES: usize = 150;
/// Files in one request.
pub const ATTACHMENTS_PER_REQUEST: usize = 100;
/// Bytes of all files together that are kept for an account's mails: a bill of 200 KB for each of 1,000 people.
pub const ATTACHMENTS_KEPT_BYTES: u64 = 200_000_000;
/// Days a file is kept that was uploaded to go along with mails.
pub const ATTACHMENT_DAYS: i64 = 30;
/// Days it has to be kept for from when a job begins: a week of pauses, a day in which what failed is tried again,
/// and a margin.
pub const ATTACHMENT_DAYS_LEFT: i64 = 10;
/// Mails that an account may be set to send in a minute.
pub const SENT_PER_MINUTE: std::ops::RangeInclusive<u32> = 1..=10_000;
/// Seconds after a confirmation in which a job that sends can be stopped whole.
pub const HOLD_SECONDS_DEFAULT: u32 = 10;
/// The longest such hold in seconds.
pub const HOLD_SECONDS_MOST: u32 = 300;

/// Items in a batch: one call to the provider. Dovecot commits a MOVE 1,000 messages at a time.
pub const BATCH_SIZE: std::ops::RangeInclusive<u32> = 1..=1_000;
/// Contacts in a batch, most: a pause, a stop or a lost answer concerns no more of them.
pub const CONTACT_BATCH_SIZE_MOST: u32 = 50;
/// Chunks of one job worked on side by side.
pub const PARALLEL_CHUNKS: std::ops::RangeInclusive<u32> = 1..=16;
/// Further attempts after the first.
pub const MAX_RETRIES: std::ops::RangeInclusive<u32> = 0..=10;
/// Further attempts unless the job says otherwise: three attempts in all.
pub const MAX_RETRIES_DEFAULT: u32 = 2;
/// Mailboxes in a batch unless a job says otherwise: few enough not to be throttled.
pub const MAILBOX_BATCH_SIZE_DEFAULT: u32 = 10;
/// Further attempts with mailboxes unless a job says otherwise.
pub const MAILBOX_RETRIES_DEFAULT: u32 = 3;
/// Seconds between two batches of mailboxes that are changed, unless a job says otherwise.
pub const MAILBOX_DELAY_SECONDS_DEFAULT: f64 = 1.0;
/// Seconds of pause between batches.
pub const DELAY_SECONDS: std::ops::RangeInclusive<f64> = 0.0..=300.0;
/// Share of failures that trips the brake, in percent.
pub const BRAKE_PERCENT: std::ops::RangeInclusive<u32> = 1..=100;
/// Items handled before the brake may trip.
pub const BRAKE_AFTER: std::ops::RangeInclusive<u32> = 1..=1_000_000;
/// Days an undo is kept.
pub const UNDO_DAYS: std::ops::RangeInclusive<u32> = 1..=14;
/// Days an undo is kept unless the job says otherwise.
pub const UNDO_DAYS_DEFAULT: u32 = 7;

/// Hours a draft waits for its confirmation.
pub const DRAFT_HOURS: i64 = 24;
/// Hours the outcome of each item can be read after a job's end.
pub const RESULT_HOURS: i64 = 24;
/// Days a pause may last before the job is cancelled.
pub const PAUSE_DAYS: i64 = 7;
/// Days a job's summary stays in the history.
pub const HISTORY_DAYS: i64 = 365;
/// Days packed records stay in the table: a draft's day, a week of pauses, the longest undo
/// window and a margin. Only the clean-up: what may be read is decided by the job's own times.
pub const CONTENT_DAYS: i64 = 45;

/// Above this many items every change asks for the count to be typed.
pub const TYPE_COUNT_ABOVE: u64 = 1_000;
