### What the app says, in English. `de.ftl` says the same in German.
###
### A message is a function of its values: `{ $name }` is a text, `{ NUMBER($count) }` a number as the reader writes it,
### and a choice by `[one]` or a number chooses by one. `<b>` stands out. Names begin with the file or folder that says
### them. What the server says too is in `shared/words`.

## common

and-more = and { NUMBER($more) } more
asks-more = { $doing }…
back = Back
cancel = Cancel
close = Close
done = Done
file-unreadable = The file cannot be read.
load-more = Load more
loading = Loading
next = Next
preview = Preview
previous = Previous
refresh = Refresh
refresh-key = Refresh (r)
close-esc = Close (Esc)
percent = { NUMBER($percent) }%
quoted = “{ $text }”
reload = Reload
these-and = { $these } and { $one }
dismiss = Dismiss
save = Save
show = Show
try-again = Try again
mails-of = { $who }: { $mails ->
    [one] { $mails } mail
   *[other] { $mails } mails
 }
percent-sure = { NUMBER($percent) } % sure
looked-through = Looked through
not-looked-through = The mailbox could not be looked through.

## components/undo_bar

undo-bar-looking = Looking what can go back…
undo-bar-under-way = { $title }…
undo-bar-stopped = Stopped: { $done }
undo-bar-missed = { $done }, { NUMBER($missed) } could not be and stay as they were

## app

app-drawer-busy = Mailboxes and jobs; a job is under way
app-drawer = Mailboxes and jobs
app-skip = Skip to the mails
app-command-of = { $command } ({ $job })
app-go-to = Go to { $account }
app-who-fills = Who fills { $account }
app-rules-of = Rules of { $account }
app-review-in = Needs review in { $account }
app-mailboxes-of = Mailboxes of { $account }
app-send-from = Send a mail to many from { $account }
app-all-jobs = All jobs
app-batch = Batch
app-model = Model and privacy
app-connect = Connect account
appearance-theme = Theme
appearance-rows = Rows
appearance-system = System
appearance-light = Light
appearance-dark = Dark
appearance-tight = Tight
appearance-normal = Normal
appearance-roomy = Roomy

## copy

numbers-a-second = { $number } a second
numbers-a-minute = { $number } a minute
moments-seconds = { $seconds } s
moments-minutes = { NUMBER($minutes) } min{ $rest ->
    [0] {""}
   *[other] {" "}{ $rest } s
 }
moments-hours = { NUMBER($hours) } h{ $rest ->
    [0] {""}
   *[other] {" "}{ $rest } min
 }
moments-days = { NUMBER($days) } d{ $rest ->
    [0] {""}
   *[other] {" "}{ $rest } h
 }
moments-count-seconds = { $count ->
    [one] 1 second
   *[other] { $count } seconds
 }
moments-count-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
 }
moments-count-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
 }
moments-count-days = { $count ->
    [one] 1 day
   *[other] { $count } days
 }
moments-few-seconds = a few seconds
moments-about = about { $time }
moments-up-to = up to { $time }
moments-range = { $least } to { $most }
moments-today = today, { $clock }
moments-in-a-moment = in a moment
moments-just-now = just now
moments-in-minutes = { $count ->
    [one] in 1 minute
   *[other] in { $count } minutes
 }
moments-minutes-ago = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
 }
moments-in-hours = { $count ->
    [one] in 1 hour
   *[other] in { $count } hours
 }
moments-hours-ago = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
 }
moments-in-days = { $count ->
    [one] in 1 day
   *[other] in { $count } days
 }
moments-days-ago = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
 }
jobs-planning = Preparing
jobs-planning-means = Gathering what is meant. Nothing has been touched.
jobs-draft = Waiting for you
jobs-draft-means = Nothing has been touched yet.
jobs-checking = Checking
jobs-checking-means = Looking whether something changed since. Nothing has been touched.
jobs-queued = Queued
jobs-queued-means = Confirmed; starting in a moment.
jobs-running = Running
jobs-running-means = You can close this; it goes on by itself.
jobs-paused = Paused
jobs-paused-means = On hold. Nothing is lost.
jobs-cancelling = Stopping
jobs-cancelling-means = What is in hand is put down properly first.
jobs-cancelled = Cancelled
jobs-cancelled-means = Nothing more will happen.
jobs-completed = Completed
jobs-completed-means = Everything has its outcome.
jobs-failed = Failed
jobs-failed-means = The job ended without reaching its goal.
jobs-expired = Expired
jobs-expired-means = It was not confirmed in time, so nothing was touched.
jobs-by-user-held = You put it on hold. Nothing is lost.
jobs-by-user = You stopped it. { $meaning }
jobs-waiting = The account's server asked us to wait until { $clock }. It goes on by itself; no attempt is used up.
jobs-brake = Stopped by itself: too much had failed.
jobs-stop-on-error = Stopped at the first failure, as its options ask.
jobs-paused-too-long = It was on hold for too long.
jobs-nothing-succeeded = Not one could be done.
jobs-plan-failed = What is meant could not be gathered.
jobs-cannot-search = This account cannot answer that search.
jobs-sign-in-needed = The account's server refused the sign-in. Connect the account again, then resume.
jobs-check-failed = Whether something changed since could not be told. Confirm again to look anew.
outcome-succeeded = Succeeded
outcome-failed = Failed
outcome-skipped = Skipped
outcome-cancelled = Not started
outcome-uncertain = Uncertain
selection-by-hand = { $items } picked by hand
selection-all = all { $kind }
selection-matching = all that match “{ $query }”
selection-except = { $all }, except { $items }
selection-rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
 }
selection-undo = what the job before did
selection-retry = what failed in the job before
selection-rest = what the job before did not come to
selection-proposed = what the job before was sure of
selection-left = what the job before left
risk-low = Low risk
risk-medium = Medium risk
risk-high = High risk
title-of-rule = { $rule }: { $order }
title-retry = Retry: { $order }
title-again = { $order } again
title-undo = Undo: { $order }
report-again = { $report } again
undo = Undo
them = them
order-of-label = { $label } { $items }
order-change = Change { $items }
rule-of-mails = mails
rule-of-classes = { $classes } mails
rule-sure = { NUMBER($percent) } % sure
rule-from = from { $senders }
rule-older = { $days ->
    [one] older than 1 day
   *[other] older than { $days } days
 }
rule-found-by = found by { $search }
rule-or = { $some } or { $another }
rule-by-itself = By itself { $when }: { $what }.
rule-nothing-new = By itself { $when }: nothing new.
rule-nothing = By itself { $when }: nothing to do.
count-mails = { $count ->
    [one] 1 mail
   *[other] { $count } mails
 }
rule-never = Never ran.
rule-runs = Ran { $runs ->
    [one] 1 time
   *[other] { $runs } times
 }: { $mails ->
    [one] 1 mail
   *[other] { $mails } mails
 }.
rule-runs-undone = Ran { $runs ->
    [one] 1 time
   *[other] { $runs } times
 }: { $mails ->
    [one] 1 mail
   *[other] { $mails } mails
 }, taken back { $undone ->
    [one] 1 time
   *[other] { $undone } times
 }.
rule-no-match = Nothing to do: no mail matches this rule now.
rule-looked-in-vain = Nothing to do. { $mails ->
    [one] 1 mail
   *[other] { $mails } mails
 } looked at: they are another rule’s, protected, not sure enough, or done already.
rule-looked-of = Looked at { NUMBER($looked) } of { $total ->
    [one] 1 mail
   *[other] { $total } mails
 }
rule-looked = Looked at { $looked ->
    [one] 1 mail
   *[other] { $looked } mails
 }
rule-full = A run takes { $most ->
    [one] 1 mail
   *[other] { $most } mails
 } at most. Run it again for the rest.
count-newsletter = { $count ->
    [one] 1 newsletter
   *[other] { $count } newsletters
 }
count-promotion = { $count ->
    [one] 1 promotion
   *[other] { $count } promotions
 }
count-notification = { $count ->
    [one] 1 notification
   *[other] { $count } notifications
 }
count-list-discussion = { $count ->
    [one] 1 mail of discussions
   *[other] { $count } mails of discussions
 }
count-delivery = { $count ->
    [one] 1 parcel notice
   *[other] { $count } parcel notices
 }
count-receipt = { $count ->
    [one] 1 receipt
   *[other] { $count } receipts
 }
count-spam = { $count ->
    [one] 1 spam mail
   *[other] { $count } spam mails
 }
advice-archive = Archive { $mails }
advice-trash = Move { $mails } to Trash
advice-unsubscribe = Unsubscribe from { $lists ->
    [one] 1 list
   *[other] { $lists } lists
 }
advice-label = Label { $mails ->
    [one] 1 mail
   *[other] { $mails } mails
 } “{ $label }”
advice-keep = Keep { $people ->
    [one] 1 person
   *[other] { $people } people
 } in the inbox
advice-trash-instead = Move to Trash instead…
advice-archive-instead = Archive instead…
advice-and-more = { $names } and { NUMBER($others) } more
advice-sum = { $suggestions ->
    [one] 1 suggestion
   *[other] { $suggestions } suggestions
 }.
advice-sum-hides = { $suggestions ->
    [one] 1 suggestion
   *[other] { $suggestions } suggestions
 } would take { $mails ->
    [one] 1 mail
   *[other] { $mails } mails
 } out of the inbox.
advice-stays = Stays in the inbox, whatever is suggested
advice-archived = Archived as suggested
advice-trashed = Moved to Trash as suggested
advice-unsubscribed = Unsubscribed from as suggested
advice-labelled = Labelled as suggested
advice-kept = Kept
advice-left-out = Left out when others were accepted
advice-not-archived = Not to be archived
advice-not-trashed = Not to be moved to Trash
advice-not-unsubscribed = Not to be unsubscribed from
advice-not-labelled = Not to be labelled
advice-not-kept = Not chosen to stay
advice-undone = Accepted, and taken back
advice-habit = { NUMBER($away) } of its last { $mails ->
    [one] 1 mail
   *[other] { $mails } mails
 } are out of the inbox already, so the others are suggested to follow.
leaning-archiving = Archiving
leaning-trashing = Moving to Trash
leaning-unsubscribing = Unsubscribing
leaning-labelling = Labelling
leaning-keeping = Keeping
leaning-nothing = which changes nothing
leaning-surer = so the next ones are surer: 80 % become { NUMBER($percent) } %
leaning-less = so the next ones are less sure: 80 % become { NUMBER($percent) } %
leaning = { $doing }, class “{ $class }”: { NUMBER($accepted) } accepted, { NUMBER($dismissed) } dismissed, { NUMBER($undone) } taken back, { $so }.

## hooks

tab-mark-held = Held at { NUMBER($percent) }%
tab-mark-done = Done

## components/account_menu

account-menu-language = Language
account-menu-signed-in = Signed in
account-menu-signed-in-as = Signed in as { $person }
account-menu-by-token = Signed in with this server’s token
account-menu-of = { $person }: account menu
account-menu-model = Model and privacy
account-menu-sign-out = Sign out
account-menu-signing-out = Signing out…

## components/bar

bar-done = { NUMBER($done) } of { NUMBER($total) } done
bar-of = { NUMBER($done) } of { NUMBER($total) }
bar-succeeded = { NUMBER($items) } succeeded
bar-failed = { NUMBER($items) } failed

## components/connect_fields

connect-fields-kind = Kind of account
connect-fields-imap = IMAP mailbox
connect-fields-dav = CardDAV contacts
connect-fields-cyrus = Cyrus mailboxes
connect-fields-exchange = Exchange mailboxes
connect-fields-sandbox = Sandbox
connect-fields-sandbox-is = A simulated mailbox and address book of this server: try everything, break nothing.
connect-fields-cyrus-is = Everybody's mailboxes on a Cyrus mail system, deleted ones too: sign in as one of its administrators.
connect-fields-name = Name (if you like)
connect-fields-name-hint = Work
connect-fields-user = Address, or user
connect-fields-mail-server = Mail server
connect-fields-dav-server = Server or address
connect-fields-port = Port
connect-fields-protection = Protection
connect-fields-unprotected = None (this machine only)
connect-fields-sending-server = Server for sending (if mails are to be sent)
connect-fields-sending-port = Its port
connect-fields-way = Way in
connect-fields-password = Password
connect-fields-consent = Consent (OAuth)
connect-fields-sealed = What lets in is kept sealed on the server and is never shown again. Providers with two steps want an app password.
connect-fields-leaves = You say yes on your provider's own page and come back here. It can be taken back there at any time.
connect-fields-bring = This server is not registered with that provider, so the consent has to be brought. Whoever runs the server can register it once; its README says how.
connect-fields-token-endpoint = Token endpoint
connect-fields-client-id = Client id
connect-fields-client-secret = Client secret (if there is one)
connect-fields-refresh-token = Refresh token
connect-fields-untried = This is written after Microsoft's public reference and was never run against a real organisation. Try it on one that may break.
connect-fields-organisation = Organisation
connect-fields-application = Application's id
connect-fields-certificate = Certificate (PEM)
connect-fields-private-key = Private key (PEM, RSA)
connect-fields-permission = The application needs the permission Exchange.ManageAsApp and a role that may administer recipients. The key is kept sealed on the server and is never shown again.

## components/contact_row

## components/dialog

## components/dials

dials-rehearse = Rehearse
dials-intro = This mailbox is simulated. Make it misbehave, start a job, and see that nothing is lost.
dials-more = More
dials-latency = Milliseconds a call takes
dials-per-minute = Mails a minute (0: no limit)
dials-fail = Percent that fail for good
dials-flaky = Percent that fail at first
dials-throttle-calls = Next calls told to wait
dials-throttle-seconds = …for this many seconds
dials-lose = Next answers lost
dials-crash = Pull the plug
dials-crash-never = Never
dials-crash-before = Before a change
dials-crash-half = Half-way through
dials-crash-after = Before the answer
dials-calm = All calm
dials-set = Set
dials-fast = Fast
dials-fast-is = Answers at once and does what it is told.
dials-slow = Slow and throttled
dials-slow-is = Half a second a call, 600 mails a minute, and asks to wait now and then.
dials-breaking = Breaking down
dials-breaking-is = Some fail for good, some at first, answers get lost.

## components/drafting

drafting-preparing = Preparing
drafting-untouched = Preparing a preview. Nothing has been touched.

## components/drafts

drafts = Drafts
drafts-are = Nobody has said yes to these, and nothing of them is done.
drafts-until = until { $until }
drafts-discard = Discard

## components/found_note

found-note-by-domain = The address's domain names this server.
found-note-unknown = The mail server of this address is not known: name it.

## components/help

help-keyboard = Keyboard
help-next = Next / previous { $item }
help-first = First / last { $item }
help-tick = Tick the { $item }
help-read = Read the mail
help-tick-range = Tick everything from the last tick
help-tick-along = Tick along the way
help-tick-all = Tick all that match
help-undo = Take the last act back
help-search = Search
help-refresh = Refresh
help-nothing = Select nothing; close
help-sheet = This sheet
help-meant = Keys that change something are for what is ticked. With nothing ticked they are for the { $item } you are on.

## components/icon

## components/import_dialog

import-dialog = Import files of mail
import-dialog-takes = An mbox file, a single message (.eml, .emlx), or a zip archive of such files, up to 2 GiB each. They are copied into this sandbox; the files stay as they are.
import-dialog-files = Files of mail
import-dialog-waits = Waits for the one before.
import-dialog-sent = Sent
import-dialog-reading = Being read
import-dialog-is-read = Sent; the mails are being read.
import-dialog-too-large = It has more than 2 GiB. A larger file comes in by the command line: bulkhead --mail FILE.
import-dialog-came = { $items } came in; { NUMBER($left-out) } left out.
import-dialog-left-out = Left out
import-dialog-changed = Kept otherwise
import-dialog-recognised = Recognised

## components/item_list

item-list-loading = Loading { $items }
item-list-empty = Nothing here
item-list-no-mail = No mail matches this search.
item-list-no-contact = No contact matches this search.
item-list-no-mailbox = No mailbox matches this search.
item-list-no-recipient = No recipient matches this search.
item-list-select-all = Select all that match
item-list-select-all-key = Select all that match (*)

## components/item_row

item-row-select = Select { $name }

## components/job

job-proposals-none-waits = None of these mails waits: they were decided about already, or are still being put before you.
job-proposals-review = Needs review
job-title = Job
job-until = until { $moment }
job-being-undone = Being undone
job-undone = Undone
job-connection-lost = Connection lost, still trying. The job itself goes on.
job-counts-refreshing = The numbers do not add up, refreshing…
job-counts-total = Total
job-drift-refused = The { $home } changed in the meantime. Nothing has been touched.
job-drift-since = The { $home } has changed since this was prepared.
job-drift-left = { $items } no longer here
job-drift-left-meaning = Gone, or no longer found by this search. Left alone.
job-drift-changed = { $items } changed, and still found
job-drift-changed-meaning = Part of this, as they are now.
job-drift-joined = { $items } new
job-drift-joined-meaning = Found since. Not part of this; prepare it anew to include them.
job-drift-causes = Of your own doing since: { $causes }.
job-ending-untouched = Nothing was touched
job-ending-undone = Undone: { $done }
job-ending-left = { $done }, { NUMBER($left) } left as they were
job-ending-failed-too = { $done }, { NUMBER($failed) } not
job-ending-uncertain-too = { $done }, { NUMBER($uncertain) } uncertain
job-ending-stopped = Stopped: { $done }
job-ending-failed = Failed: { $done }
job-ending-unsearched = Mails there were no part of this.
job-ending-details = View details
job-ending-found = What was found
job-ending-no-longer = no longer
job-ending-total-time = Total time
job-ending-at-the-server = At the server
job-ending-calls = { $calls ->
    [one] { $calls } call, { $time }
   *[other] { $calls } calls, { $time }
 }
job-ending-ended = Ended
job-ending-can-be-undone = Can be undone
job-ending-results = Results (CSV)
job-ending-audit = Audit (JSON)
job-ending-audit-meaning = The job, its events of the audit trail, and how each item ended
job-ending-tries-again = Tries { $items } again
job-ending-retry-failed = Retry { NUMBER($again) } failed
job-ending-retry-not-done = Retry { NUMBER($again) } not done
job-ending-go-on = Go on with the { NUMBER($rest) } not started
job-ending-download = Download
job-failures-label = What did not go as asked
job-failures-left = Left as they are.
job-failures-retry = Retry { NUMBER($again) }
job-failures-make-folder = Make the folder, retry { NUMBER($again) }
job-failures-connect = Connect again
job-failures-what-helps = <b>What helps:</b> { $cure }
job-failures-leave = { $count ->
    [one] Leave it as it is
   *[other] Leave these { $count } as they are
 }
job-family-label = Family
job-family-title = Belongs together
job-family-done = { NUMBER($done) } of { $items } done
job-family-undo = Takes back
job-family-retry = Tries again what failed in
job-family-rest = Goes on with
job-family-proposed = Does what was sure in
job-family-follows = Follows
job-inside-received = Received
job-inside-size = Size
job-inside-unread = Unread
job-inside-nobody-named = Nobody named
job-inside-senders = { $senders ->
    [one] { $senders } sender
   *[other] { $senders } senders
 }
job-inside-senders-most = { $senders ->
    [one] { $senders } sender, most mails from
   *[other] { $senders } senders, most mails from
 }
job-inside-senders-at-least = { $senders ->
    [one] at least { $senders } sender
   *[other] at least { $senders } senders
 }
job-inside-senders-at-least-most = { $senders ->
    [one] at least { $senders } sender, most mails (about) from
   *[other] at least { $senders } senders, most mails (about) from
 }
job-inside-of-first = Of the first { NUMBER($first) }: { $senders }
job-inside-none = None
job-inside-all = All
job-inside-some = { NUMBER($some) } of { NUMBER($all) }
job-items-title = Every item
job-items-find = Find in what is loaded
job-items-ended = Ended
job-items-in-any-way = In any way
job-items-order = Order
job-items-table = Items
job-items-what = What
job-items-when = When
job-items-shown = { NUMBER($shown) } of { NUMBER($loaded) } loaded
job-items-gone = No longer there to be shown
job-items-waiting = Waiting
job-lists-label = The lists
job-lists-more = And { NUMBER($rest) } more.
job-lists-all-asked = { $asked ->
    [one] { $asked } list is asked, each once. The mails stay.
   *[other] { $asked } lists are asked, each once. The mails stay.
 }
job-lists-some-asked = { $asked ->
    [one] { $asked } list is
   *[other] { $asked } lists are
 } asked, each once. { $others ->
    [one] { $others } is not
   *[other] { $others } are not
 }, as it says there. The mails stay.
job-lists-asked-before = Asked before, on { $day }.
job-lists-signed = Signed by { $signer }, says { $server }.
job-lists-mail = From { $from }, subject “{ $subject }”.
job-lists-open-page = Open its page yourself
job-model-about-tokens = About { NUMBER($tokens) } tokens
job-model-nobody-asked = Nobody was asked yet
job-model-told-by = Told by
job-model-settings = Model and privacy
job-model-tokens = Tokens
job-options-title = Advanced
job-options-batch-size = { $items } at a time
job-options-parallel = Of these side by side
job-options-pause = Pause in between (seconds)
job-options-retries = Further attempts
job-options-undo-days = Days it can be undone
job-options-retry-failed = Try passing failures again
job-options-stop-on-error = Stop at the first failure
job-options-brake = Stop when too much fails
job-options-brake-percent = Too much: percent
job-options-brake-after = …after this many { $items }
job-options-costs = Costs the server
job-options-fixed = These belong to the draft. To change them, start again from the { $home }.
job-options-another-draft = Other options are another draft; this one is dropped.
job-options-preview = Preview with these
job-options-in-short = { NUMBER($batch) } at a time, { NUMBER($parallel) } side by side
job-options-in-short-apart = { NUMBER($batch) } at a time, { NUMBER($parallel) } side by side, { $pause } apart
job-outcomes-unreadable = { NUMBER($count) } more belong here, but what was stored of them cannot be read.
job-outcomes-unknown = no longer known to the server
job-outcomes-finding-unreadable = What was found of it cannot be read.
job-planning-discards = Nothing is done yet: closing this discards the draft.
job-planning-found = found so far
job-planning-gathering = Gathering
job-planning-looking = Looking for { $selection }.
job-planning-looked-at = { $items } looked at so far
job-planning-compared = of { NUMBER($total) } compared
job-planning-checking = Checking what changed
job-planning-checking-meaning = Looking whether something changed since the preview. If so, you are asked again.
job-preview-loading = Loading the preview
job-preview-unsearched = Mails there are no part of this.
job-preview-edit-template = Edit template
job-preview-no-groups = No two { $items } here say exactly the same, so nothing goes.
job-preview-groups = { $groups ->
    [one] { $groups } group
   *[other] { $groups } groups
 } found in which { $items } say exactly the same. The oldest of each group stays, and { $total ->
    [one] { $total } goes
   *[other] { $total } go
 }.
job-preview-exactly = { $items }, exactly
job-preview-exactly-searched = { $items }, exactly, of what could be searched
job-preview-type-number = To confirm, type their number: <b>{ NUMBER($total) }</b>
job-preview-their-number = Their number
job-preview-confirming = Confirming…
job-preview-all-the-same = { $order } all the same
job-preview-options-changed = The options were changed: preview with these first
job-preview-put-back = Put back { NUMBER($some) } of { $items }
job-preview-confirm-all = Confirm all { NUMBER($total) }
job-progress-tell-me = Tell me when it is done
job-progress-stop-question = Stop this job?
job-progress-stop-meaning = { $items } done, { NUMBER($left) } left. What was done stays done.
job-progress-stop-meaning-undo = { $items } done, { NUMBER($left) } left. What was done stays done, and you can undo it.
job-progress-keep-going = Keep going
job-progress-stop = Stop the job
job-progress-cancel = Cancel job
job-progress-pause = Pause
job-progress-resume = Resume
job-progress-hide = Hide
job-progress-time-left = Time left
job-progress-pace = Pace
job-progress-time-so-far = Time so far
job-promise-final = Cannot be undone
job-promise-changes-nothing = Changes nothing
job-promise-until = Until { $moment } ({ $away })
job-promise-can-be-undone = Can be undone
job-promise-undo = Undo
job-promise-takes = Takes
job-promise-calls = { $calls ->
    [one] { $calls } call
   *[other] { $calls } calls
 }
job-promise-calls-allowed = { $calls ->
    [one] { $calls } call
   *[other] { $calls } calls
 }; it allows { $items ->
    [one] { $items } item
   *[other] { $items } items
 } in { $time }
job-promise-can-go-back = can go back
job-promise-changed-since = changed since, stay as they are
job-promise-gone = no longer there
job-proposals-title = Proposals
job-proposals-meaning = Nothing is done until you accept one, and look at what it would do.
job-proposals-sure = { $items }, { NUMBER($percent) } % sure.
job-proposals-of-senders = { $items } of { NUMBER($senders) } senders
job-proposals-more-senders = and { NUMBER($more) } more senders
job-proposals-first = These are the first { NUMBER($read) } mails; process the others afterwards.
job-protected-kept-out = Kept out: { $causes }.
job-protected-take = { $total ->
    [one] Take it too
   *[other] Take them too
 }
job-protected-starred = { NUMBER($mails) } starred
job-protected-answered = { NUMBER($mails) } answered
job-protected-of-senders = { NUMBER($mails) } of senders you always keep
job-protected-labelled = { NUMBER($mails) } with a label you always keep
job-protected-taken = { $mails } among them: they go too.
job-record-title = What happened when
job-record-begun = Begun
job-record-event = { $event ->
    [job_drafted] Drafted
    [job_frozen] Preview ready
    [job_checking] Checking
    [job_drifted] Drifted
    [job_unchecked] Unchecked
    [job_confirmed] Confirmed
    [job_started] Started
    [job_paused] Paused
    [job_resumed] Resumed
    [job_stopped] Stopped
    [job_ended] Ended
    [results_downloaded] Results downloaded
    [audit_downloaded] Audit downloaded
    [export_downloaded] Export downloaded
    [mail_said_to_have_arrived] Mail said to have arrived
    [mail_to_be_sent_again] Mail to be sent again
   *[other] { $words }
 }
job-sample-more = and { NUMBER($more) } more { $items }
job-sample-newest = Newest
job-sample-oldest = Oldest
job-sample-largest = Largest
job-whats-next = There are suggestions what else could leave the inbox.
job-whats-next-look = Look at them
job-whereabouts-from = From
job-whereabouts-to = To
job-whereabouts-seen = { $items }, seen by others
job-whereabouts-further = { $items } in further folders
job-whereabouts-to-be-made = { $folder } (there is none yet: it will be made)
job-whereabouts-to-seen = { $folder } (seen by others)

## components/later

later-not-fetched = This part of the app could not be fetched.
later-why = The server may be away for a moment, or have a newer version, which a reload brings.

## components/letters

letters-row = Row { $row }
letters-bounces-label = Mails that came back
letters-bounces-count = { $mails ->
    [one] { $mails } mail came back
   *[other] { $mails } mails came back
 }
letters-bounces-no-more = { $said } It gets no more mail.
letters-bounces-never-looked = Nobody has looked yet for mails that came back.
letters-bounces-looking = Looking for mails that came back…
letters-bounces-looked = Looked into the mailbox, { $moment }.
letters-bounces-none = No mail has come back so far. Looked into the mailbox, { $moment }.
letters-bounces-failed = The mailbox could not be looked into, { $moment }.
letters-facts-from = From
letters-facts-subject = Subject
letters-facts-template = Template
letters-facts-no-name = has no name
letters-facts-files = Files
letters-facts-one-each = one of { NUMBER($files) } for each, as “{ $column }” says
letters-facts-begins = Begins
letters-facts-not-before = not before { $moment }
letters-facts-at-once = at once
letters-facts-after = { NUMBER($seconds) } seconds after you confirm; until then all of it can be stopped
letters-left-out = { $rows ->
    [one] { $rows } row is left out: it gets no mail
   *[other] { $rows } rows are left out: they get no mail
 }
letters-lines-label = Mails
letters-lines-one-by-one = Mails one by one
letters-lines-sent = Sent
letters-lines-sent-after = Sent after { $time }
letters-lines-failed = Failed
letters-lines-left-out = Left out
letters-lines-not-sent = Not sent
letters-lines-uncertain = May have arrived
letters-lines-sending = Sending…
letters-lines-queued = Queued
letters-open-label = Mails that may have arrived or not
letters-open-count = { $mails ->
    [one] { $mails } mail may have arrived or not
   *[other] { $mails } mails may have arrived or not
 }
letters-open-meaning = The mail server took all of it and its answer got lost. Nothing sends such a mail again by itself: look, or ask, and say what became of it.
letters-open-address = Address
letters-open-given-up = Given up
letters-open-looked = Looked
letters-open-looked-meaning = Looking for a copy among the sent mails did not tell.
letters-open-arrived = It arrived
letters-open-again = Send again…
letters-open-said-arrived = You said that it arrived, { $moment }.
letters-open-said-again = To be sent again, { $moment }.
letters-open-show-job = Show that job

## components/link

## components/mail_row

mail-row-starred = Starred
mail-row-attachment = Has an attachment

## components/monogram

## components/operation_form

operation-form-cost = { $model } is asked: about { NUMBER($tokens) } tokens.
operation-form-cost-of-some = { $model } is asked: about { NUMBER($tokens) } tokens for { NUMBER($mails) } mails.
operation-form-title = { $operation } { $items }
operation-form-make-folder = Make a folder “{ $name }”
operation-form-folder-hint = Narrow the list, or name a new folder
operation-form-label-add = Add
operation-form-label-remove = Take off
operation-form-label-hint = receipts
operation-form-labels = These are { NUMBER($number) } labels: { $labels }. A label has no spaces; as one it could be “{ $one }”.
operation-form-keywords = This account has no labels as such: they are kept as IMAP keywords, which most mail programs show as tags, if at all.
operation-form-from = from
operation-form-to = to

## components/palette

palette = What do you want to do?
palette-find = Find an action or a page
palette-type = Type to find
palette-commands = Actions and pages
palette-none = Nothing is called that.

## components/problem_note

problem-note-sign-in = Sign in
problem-note-offline = The server cannot be reached.
problem-note-offline-why = It may have been stopped, or the connection is gone. Nothing was lost.
problem-note-unreadable = The server's answer could not be read.
problem-note-unreadable-why = Status { $status }. Reloading the page may help.
problem-note-sign-in-down = The sign-in cannot be reached.
problem-note-sign-in-down-why = Your session has to be renewed, and that did not work. Nothing was lost.
problem-note-again = It is worth trying again { $when }.
problem-note-request = Request { $request }

## components/rate_limit_note

rate-limit-note = { $seconds ->
    [one] You asked for a lot in a short time. It goes on by itself<b> in { $seconds } second</b>.
   *[other] You asked for a lot in a short time. It goes on by itself<b> in { $seconds } seconds</b>.
 }

## components/reader

reader = The mail that is open
reader-loading = Loading the mail
reader-previous = Previous (k)
reader-next = Next (j)
reader-unsubscribe = Unsubscribe…
reader-close = Close the mail
reader-says = What it says
reader-from = From
reader-to = To
reader-received = Received
reader-cut = This mail is so large that only its beginning is shown; there may be more files in it.
reader-ways = How to show it
reader-formatted = Formatted
reader-text = Plain text
reader-source = Source
reader-frame = The mail, formatted
reader-pictures = Pictures are not fetched: that would tell the sender that you read this.
reader-harmful = This browser cannot make the HTML of this mail harmless. Its text and source are there.
reader-source-cut = The first { $size }. An export has all of it.
reader-files = Files in it
reader-nameless = A file without a name

## components/search_box

search-box-search-all = Search all { $items }
search-box-search = Search { $items }
search-box-empty = Empty the search
search-box-help = How to search
search-box-heading = Search
search-box-all-parts = All parts of a search must match.
search-box-cannot = This account cannot answer: { $terms }
search-box-too-long = Too long: at most { NUMBER($bytes) } bytes.

## components/sender_views

sender-views = Views
sender-views-everybody = Everybody
sender-views-suggestions = Suggestions
sender-views-learned = Learned
sender-views-rules = Rules

## components/sheet

## components/sidebar

sidebar-accounts = Accounts
sidebar-jobs = Jobs under way
sidebar-under-way = Under way
sidebar-senders = Senders
sidebar-review = Needs review
sidebar-contacts = Contacts
sidebar-mailboxes = Mailboxes
sidebar-sending = Sending
sidebar-send-to-many = Send to many
sidebar-folders = Folders
sidebar-all-mail = All mail
sidebar-labels = Labels
sidebar-just-done = Just done
sidebar-undo = Undo
sidebar-redo = Redo
sidebar-undo-until = { $undo }: until { $until }

## components/toolbar

toolbar = With what is selected
toolbar-more = More
toolbar-less = Less
toolbar-nothing = Select nothing
toolbar-nothing-esc = Select nothing (Esc)
toolbar-unable = This account cannot do that
toolbar-selecting = Selecting…
toolbar-selected = { $items } selected
toolbar-all-selected = All { $items } selected
toolbar-all-match = All that match selected
toolbar-all-except = All that match except { $items }
toolbar-select-all = Select all { NUMBER($total) }
toolbar-room = { NUMBER($left) } more can be picked by hand
toolbar-over = More than 10,000 picked by hand: select all that match and untick some, or search for fewer
toolbar-too-long = More than 10,000 rows lie between the two, so they were not ticked: select all that match and untick some, or search for fewer
toolbar-changed = The list has changed, so the rows between the two were not ticked: tick both ends again
toolbar-unread = The rows between the two could not be read, so they were not ticked: try again

## components/tray

tray-under-way = { $jobs ->
    [one] { $jobs } job under way · { NUMBER($percent) }%
   *[other] { $jobs } jobs under way · { NUMBER($percent) }%
 }
tray-held = { $jobs ->
    [one] { $jobs } job held · { NUMBER($percent) }%
   *[other] { $jobs } jobs held · { NUMBER($percent) }%
 }

## components/unsearched_note

## components/window_list

## pages/advice

advice-title = Suggestions
advice-again = Look through the mailbox again
advice-decided-before = Decided
advice-keys-next = next
advice-keys-back = back
advice-keys-accept = accept
advice-keys-why = why, and change
advice-keys-dismiss = dismiss
advice-lead = { $sum } Each shows what it would do before it does it, and can be taken back.
advice-none = Nothing to suggest
advice-none-text = What there is in the inbox is read, recent, or from people. Come back when more has gathered.
advice-nothing-has-to = Nothing has to leave the inbox.
advice-about-to-look = The mailbox is about to be looked through. Nothing is changed by that.
advice-weighing = Looking at { NUMBER($weighed) } of { NUMBER($all) } senders and lists. A model on this server reads a few mails of each; nothing leaves it.
advice-reading = Reading headers. A model on this server reads a few mails of each; nothing leaves it.
advice-card-about = · about { $size }
advice-card-why = Why, and whose mails
advice-card-accepted = Accepted
advice-card-take-back = Take back
advice-card-taken-back = Taken back
advice-card-go-on = Go on…
advice-card-keep = Keep them
advice-card-accept = Accept…
advice-card-rule = Make a rule of it…
advice-card-never = Always keep all of these in the inbox
advice-learned = Learned
advice-learned-none = Nothing learned yet
advice-learned-none-text = Accept, change or dismiss a suggestion, or take one back: each makes the next ones better, and stands here.
advice-learned-from = From what you accepted, changed, dismissed and took back, and from what you do by hand. It stays with this account, and is erased with it.
advice-learned-by-hand = By what you do by hand
advice-learned-of-a-kind = For suggestions of a kind
advice-learned-forget-all = Forget all of it
advice-learned-forget-really = Forget it all, really
advice-learned-always-keep = Always keep
advice-learned-hint = ann@example.org, or label:tax
advice-learned-keep = Keep
advice-learned-keep-text = Their mails stay out of what you archive, move or trash by a search, like starred and answered ones.
advice-learned-forget = Forget
advice-learned-not-by-it = Do not go by it
advice-sources-whose = Whose mails, and why. Take out whom you want to keep.
advice-sources-newest = The newest of them
advice-strip = Let it look through the mailbox and suggest what could leave the inbox, sender by sender.
advice-strip-suggest = Suggest something
advice-strip-look = Look at them

## pages/batch

batch-title = Batch
batch-lead = Up to 100 mails are classified at once, and for up to 50 it is proposed what to do with them. Nothing is done to any mail.
batch-none = No mails
batch-none-text = The inboxes are empty.
batch-more = Load more
batch-all = Select all
batch-from = From
batch-subject = Subject
batch-listed = { NUMBER($mails) } listed
batch-selected = { $mails ->
    [one] { $mails } email selected
   *[other] { $mails } emails selected
 }
batch-classify = Classify Selected
batch-process = Process Selected
batch-clear = Clear
batch-trimmed = A batch takes { NUMBER($most) } emails; the others were left out.
batch-too-many = Processing takes { NUMBER($most) } emails at the most.
batch-keep-first = Keep the first { NUMBER($most) }
batch-near-process = { NUMBER($mails) } of { NUMBER($most) } emails that can be processed at once.
batch-near-classify = { NUMBER($mails) } of { NUMBER($most) } emails that can be classified at once.
batch-classifying = Classifying Emails
batch-processing = Processing Emails
batch-waiting = Waiting to start, { NUMBER($total) } emails…
batch-classified-so-far = Classifying { NUMBER($processed) } of { NUMBER($total) } emails…
batch-processed-so-far = Processing { NUMBER($processed) } of { NUMBER($total) } emails…
batch-done = { NUMBER($processed) } of { NUMBER($total) } emails done.
batch-all-failed = All emails failed.
batch-failed = { NUMBER($mails) } failed
batch-retry = Retry Failed
batch-results = See what was found
batch-longer = It takes longer than five minutes, and goes on by itself.
batch-watch = Keep watching

## pages/compose

compose-cannot-send = This account cannot send
compose-cannot-send-meaning = No server for outgoing mail was found when it was connected. Connect it again to look anew, or to name one.
compose-connect = Connect an account
compose-to-mailbox = To the mailbox
compose-title = Send a mail to many
compose-preview-mails = { $mails ->
    [one] Preview { $mails } mail
   *[other] Preview { $mails } mails
 }
compose-recipients = Recipients
compose-recipients-file = A .csv file: choose it, or drop it here
compose-recipients-paste = Or paste addresses, or cells of a spreadsheet
compose-recipients-count = { $recipients ->
    [one] { $recipients } recipient
   *[other] { $recipients } recipients
 }
compose-in-file = in “{ $file }”
compose-address-column = Address is in the column
compose-name-column = Name is in the column
compose-template = Template
compose-from = From
compose-template-name = Name of the template (if it has one)
compose-template-name-hint = Follow-up
compose-with-html = With HTML
compose-sending = Sending
compose-begins = Begins, once confirmed,
compose-begins-at-once = at once
compose-begins-10-seconds = after 10 seconds
compose-begins-30-seconds = after 30 seconds
compose-begins-minute = after a minute
compose-begins-5-minutes = after 5 minutes
compose-unsubscribing = Unsubscribing (for bulk mail)
compose-unsubscribing-hint = https://… or an address
compose-put-in-column = Put in the column “{ $column }”
compose-fields = Fields
compose-fields-label = Fields of the template
compose-fields-that-fit = Fields that fit
compose-subject = Subject
compose-subject-hint = Your bill, { "{{ name }}" }
compose-text = Text
compose-text-hint = Dear { "{{ name }}" },
compose-html = HTML
compose-html-hint = <p>Dear { "{{ name }}" },</p>
compose-where-empty = Where “{ $column }” is empty
compose-files = Files that go along
compose-files-all = With every mail: choose files, or drop them here
compose-files-archive = One for each: a .zip with the files that a column names
compose-files-uploading = Uploading: { NUMBER($done) } of { NUMBER($files) } files…
compose-files-too-large = “{ $name }” is larger than { NUMBER($megabytes) } MB.
compose-files-take-off = Take { $name } off
compose-files-count = { $files ->
    [one] { $files } file
   *[other] { $files } files
 }
compose-files-take-all-off = Take them off
compose-files-column = They are named in the column
compose-gather = Or from contacts, or from mails
compose-gather-from = From
compose-gather-contacts = Contacts of { $account }
compose-gather-writers = Who wrote to { $account }
compose-gather-search = Search
compose-gather-contacts-hint = org:acme, or nothing for all
compose-gather-look = Look
compose-gather-looking = Looking…
compose-gather-found = { $addresses ->
    [one] { $addresses } address
   *[other] { $addresses } addresses
 }, each once, in { $items }.
compose-gather-without = { $items ->
    [one] { $items } has no address that a mail can go to.
   *[other] { $items } have no address that a mail can go to.
 }
compose-gather-cut = There are more than one job takes: search for fewer.
compose-gather-add = Add to the recipients
compose-gather-added = { $added ->
    [one] { $added } recipient added
   *[other] { $added } recipients added
 }; { $known ->
    [one] { $known } was there already.
   *[other] { $known } were there already.
 }
compose-kept-templates = Kept templates
compose-kept-version = Version { $version } of { $newest }, { $moment }.
compose-kept-take-version = Take up version
compose-kept-keep = Keep this template
compose-kept-keep-anew = Keep as a new version
compose-kept-forget = Forget it
compose-kept-forgotten = Forgotten. What is written here stays.
compose-seen-missing = { $missing } Then each mail is shown here as it will be.
compose-seen-looking = Looking…
compose-seen-cannot = This one cannot be sent as it is.
compose-seen-all-good = All { NUMBER($mails) } mails can be sent.
compose-seen-some-good = { NUMBER($good) } of { NUMBER($mails) } mails can be sent.
compose-seen-faults = { $faults ->
    [one] { $faults } fault stands
   *[other] { $faults } faults stand
 } in the way; { NUMBER($good) } of { NUMBER($mails) } mails can be sent.
compose-seen-fallbacks = In { NUMBER($mails) } of them a fallback stands in for an empty cell.
compose-seen-use = Use “{ $name }”
compose-seen-leave-out = Leave out
compose-seen-cell = { $column } in row { $row }
compose-seen-how = How it is shown
compose-seen-source = Source
compose-seen-frame = The mail as HTML, without its styles
compose-seen-to = To
compose-seen-files = Files
compose-chooser-label = Which mails
compose-chooser-find = Find a recipient
compose-chooser-before = The mail before
compose-chooser-row = Row
compose-chooser-next = The next mail
compose-chooser-none = None of them.
compose-chooser-of-all = of { NUMBER($mails) }
compose-chooser-of-found = { NUMBER($place) } of { NUMBER($found) } found
compose-chooser-found = { NUMBER($found) } found
compose-suppressed = Who gets no mail ({ NUMBER($addresses) })
compose-suppressed-meaning = Nobody on this list gets a mail from this account: not by a new draft, and not by one that was made before.
compose-suppressed-search = Search
compose-suppressed-none = No such address is on the list.
compose-suppressed-take-off = Take off
compose-suppressed-take-off-list = Take { $address } off the list
compose-suppressed-new = Addresses that are to get no more mail
compose-suppressed-because = Because they
compose-suppressed-add = Add to the list
compose-suppressed-added = { NUMBER($added) } added.
compose-suppressed-added-known = { NUMBER($added) } added; { NUMBER($known) } on the list already.
compose-test = Send a test to myself
compose-test-sending = Sending…
compose-test-sent = The test was sent to you.
compose-test-under-way = The test is on its way.
compose-test-not-sent = The test was not sent: the history says why.

## pages/connect

connect-title = Connect an account
connect-mine = Connect my mail
connect-looking = Looking for the mail server…
connect-not-yet = This does not work yet.
connect-go-to = Go to { $provider }
connect-go = Go to the provider
connect-testing = Testing…
connect-test = Test
connect-connecting = Connecting…
connect-submit = Connect
connect-welcome = Clear out thousands of mails, and see everything before it happens.
connect-welcome-how = Pick many, look at exactly what would be done, say yes to exactly that, stop at any time, take it back.
connect-welcome-sandbox = Not sure? The sandbox is a mailbox of invented mails: nothing in it is yours, and nothing leaves this server.
connect-try-sandbox = Try the sandbox
connect-denied = You said no there, or were not let in.
connect-denied-cure = Nothing was connected. A provider may also forbid it to those whose mailboxes somebody else looks after.
connect-mismatch = That was no answer to what this tab asked.
connect-mismatch-cure = It may be an old page, or it was begun in another tab. Nothing was connected.
connect-insecure = This needs a secure connection.
connect-insecure-cure = Open this page by an address that begins with https.
connect-refused = The provider gave no consent.
connect-refused-cure = Trying again may help. If it does not, this server is not registered right with it.

## pages/contacts

contacts-title = Contacts
contacts-of = Contacts of { $account }
contacts-add = Add from a file…
contacts-add-title = Add contacts from a file
contacts-add-file = A .vcf or .csv file: choose it, or drop it here
contacts-add-nothing-yet = Nothing is added before you have seen a preview.
contacts-add-no-book = No address book of this account can be written to.
contacts-add-book = Into the address book
contacts-add-recognised = { $contacts } in “{ $file }” ({ $form })
contacts-add-wrong = { NUMBER($wrong) } cannot be added and will be left out
contacts-add-fault = Number { $number }: { $why }
contacts-add-more = and { NUMBER($more) } more
contacts-add-unknown = These columns are not taken over: { $columns }

## pages/directory

directory-title = Mailboxes
directory-rows = Rows
directory-steps = Steps
directory-step-what = What is to be done
directory-step-which = Which mailboxes
directory-step-mend = Look through and mend
directory-step-run = Preview, run and watch
directory-recover = Recover
directory-recover-text = Each inactive mailbox becomes an active one again, under the names its row says.
directory-restore = Restore
directory-restore-text = Each inactive mailbox's messages are copied into an active one; it stays as it is.
directory-conflict = What becomes of messages that are in both, where a row says nothing
directory-recover-from = Recover { $mailboxes } from { $file }
directory-restore-from = Restore { $mailboxes } from { $file }
directory-bring-others = Bring others
directory-ready = { NUMBER($rows) } ready
directory-wrong = { NUMBER($rows) } wrong
directory-blocked = { NUMBER($rows) } blocked
directory-done = { NUMBER($rows) } done before
directory-cleaned = GUIDs put right in { NUMBER($rows) }
directory-unknown = Kept for the results, and not used: { $columns }
directory-in-parts = One job takes { NUMBER($rows) } rows. The others stay here, and are the next.
directory-looking = Looking…
directory-look = Look through in the directory
directory-preview = Preview { $mailboxes }
directory-left-out = { $mailboxes ->
    [one] { $mailboxes } mailbox will be left out unless it is mended. It stays here meanwhile.
   *[other] { $mailboxes } mailboxes will be left out unless they are mended. They stay here meanwhile.
 }
directory-pick = Inactive mailboxes
directory-pick-or = Or pick from the inactive mailboxes
directory-pick-search = name, address, newer_than:30d
directory-pick-none = No inactive mailbox matches.
directory-pick-first = The first { NUMBER($shown) } of { NUMBER($all) }; search for the others.
directory-pick-tick = Tick those you want
directory-pick-take = Take { $mailboxes }
directory-pick-deleted = deleted { $when }
directory-pick-kept = kept until { $when }
directory-pick-hold = on hold
directory-grid-sort = Wrong ones first
directory-grid-line = Line { $line }
directory-grid-take-out = Take row { $row } out
directory-grid-done = Done before.
directory-grid-free = Nothing is in its way.
directory-grid-cell = { $column }, row { $row }
directory-bring-file = A table: choose it, or drop it here
directory-bring-columns = Columns, in any order: { $needed }; and if you like { $others }. Others are kept and come back with the results.
directory-bring-paste = Or paste rows of a spreadsheet
directory-bring-too-big = A workbook has at most 10 MiB.
directory-bring-template = Download a template
directory-watch-in-progress = in progress
directory-watch-pending = pending
directory-watch-completed = completed
directory-watch-failed = failed
directory-watch-skipped = skipped
directory-watch-not-started = not started
directory-watch-uncertain = uncertain
directory-watch-back = Rows before
directory-watch-next = Next rows

## pages/history

history-title = All jobs
history-undo-until = Until { $moment }
history-state = State
history-all = All
history-what = What
history-account = Account
history-sender = Sender
history-time = Time
history-last-7-days = Last 7 days
history-last-30-days = Last 30 days
history-last-year = Last year
history-none-like-that = None of the jobs here is like that.
history-no-such = No such jobs
history-no-such-meaning = No job is in this state.
history-none = No jobs yet
history-none-meaning = Pick some mails and say what is to be done with them. You see everything before it happens.
history-refreshing = refreshing…
history-failed = { NUMBER($failed) } failed
history-cleaned = What was cleared away
history-cleaned-by-these = by the jobs below
history-cleaned-by-month = By month
history-cleaned-by-search = By search
history-cleaned-by-sender = By sender, at least
history-cleaned-all-mails = all mails

## pages/job

## pages/mailbox

mailbox-unsearched = Mails there are neither listed nor counted.
mailbox-narrow = Narrow the search
mailbox-not-looked-at = { $mails ->
    [one] 1 mail may match too: nobody has looked yet at what it is about.
   *[other] { $written } may match too: nobody has looked yet at what they are about.
}
mailbox-look-at-them = Look at them
class-tag-said = You said so.
mailbox-import = Import files of mail
mailbox-import-or-drop = Import files of mail (or drop them here)
mailbox-shortcuts = Keyboard shortcuts
mailbox-shortcuts-key = Keyboard shortcuts (?)
mailbox-all-that-match = all that match
mailbox-all-matching = Selected: all { $items } that match this search. Untick what is to be left out.
mailbox-all-matching-except = Selected: all { $items } that match this search, except { $left-out }. Untick what is to be left out.
mailbox-select-nothing = Select nothing
mailbox-select-all = Select all that match
mailbox-only = Only: { $chip }
mailbox-no-longer-only = No longer only: { $chip }
mailbox-go-to-inbox = Go to Inbox
mailbox-go-to-archive = Go to Archive folder
mailbox-go-to-sent = Go to Sent
mailbox-go-to-drafts = Go to Drafts
mailbox-go-to-trash = Go to Trash folder
mailbox-go-to-spam = Go to Spam folder
mailbox-go-to-all = Go to All mail

## pages/model

model-back-to-deployed = Go back to what this server offers
model-deployed = Whoever runs this server offers { $model }.
model-title = Model and privacy
model-loading = Loading the settings
model-endpoint = The endpoint
model-another = Ask another model
model-forget = Go back to what is built in
model-forget-text = The key is forgotten, and what you agreed to. Jobs under way send nothing more.
model-here = Classify, Process, suggestions and rules read your mails here, and nothing of them is sent anywhere.
model-there = Classify, Process and replies that it writes send the beginning of each mail there, of those accounts for which you agree below, and of no others. Suggestions and rules read your mails here, always.
model-accounts = Accounts
model-agreed = Sent there: you agreed { $when }
model-nothing-sent = Nothing is sent
model-what-is-sent = What is sent
model-what-would-be = See what would be sent
model-withdraw = Take it back
model-consent-title = What is sent of { $account }
model-consent-decline = Send nothing
model-consent-agree = Agree to send this to { $host }
model-consent-none = No other model is chosen any more: nothing is sent.
model-consent-goes = When you Classify or Process mails of this account, or have replies to them written, this goes to { $to }, of each of them:
model-consent-headers = these headers: { $headers }
model-consent-text = at most { NUMBER($bytes) } bytes of its text
model-consent-nothing-else = no attachment, no other header, and nothing of any other mail
model-consent-together = Together with instructions that are the same for every mail, and with what you want replies to say. Whoever runs that server can read and keep it.
model-consent-example = Exactly what goes out of the newest mail in the inbox
model-consent-bytes = { NUMBER($bytes) } bytes
model-consent-no-mail = There is no mail in the inbox to show as an example.
model-form-address = Address
model-form-model = Model
model-form-model-hint = as its server calls it
model-form-key = Key
model-form-key-kept = Kept, and never shown; type another one to replace it
model-form-key-hint = If it wants one
model-form-requests = Requests a minute
model-form-requests-most = Requests a minute, most
model-form-side = At the same time
model-form-side-most = At the same time, most
model-form-mails = Mails of one request
model-form-no-number = { $field }: has to be a number.
model-form-one-mail = With one mail a request, what stands in a mail can change nothing but its own class. More cost fewer tokens, and a mail may then sway what is said of those beside it.
model-form-use = Use this model
model-form-any = Any server that speaks OpenAI's chat completions: OpenAI, vLLM, Ollama, llama.cpp, Bedrock. Nothing is sent before you agree for an account.

## pages/not_found

not-found-title = There is no such thing here
not-found-why = The address may be old, or it belongs to somebody else.
not-found-home = To the mailbox

## pages/review

review-title = Needs review
review-part-acts = Something would be done
review-part-untold = Could not be told
review-part-kept = Would stay as they are, but that is not sure
review-more = Show more
review-keyboard = Keyboard
review-filing = A job has ended, and what it proposed is still on its way here.
review-drafted = { NUMBER($mails) } more are part of drafts that wait for your yes.
review-unreadable = A part of the queue cannot be read by this version; nothing is done with its mails.
review-none = Nothing waits for you
review-none-text = Process mails from the toolbar of a list: what the model is not sure of comes here, and nothing else asks you.
review-none-drafted = Everything else is part of a draft.
review-change = Change
review-change-is = It is
review-change-instead = or do this instead:
review-keys-move = Next / previous
review-keys-accept = Accept what is proposed
review-keys-change = Change the class, or what is done
review-keys-tick = Tick the mail
review-keys-dismiss = Dismiss: do nothing with it
review-keys-back = Take the last act back
review-keys-help = This sheet
review-many = Many at once
review-many-shown = { NUMBER($shown) } of { NUMBER($mails) }
review-many-wait = { NUMBER($mails) } wait
review-many-ticked = { NUMBER($mails) } ticked
review-many-accept-matching = Accept all that match…
review-many-dismiss-matching = Dismiss all that match
review-many-accept-all = Accept all…
review-many-dismiss-all = Dismiss all
review-many-accept = Accept
review-which = Waiting or decided
review-which-decided = Decided
review-reply = Reply for your drafts; names in braces are filled in from the mail
review-reply-written = The model writes the reply once you accept; it is told
review-reply-written-english = The model writes the reply in English once you accept; it is told
review-reply-written-german = The model writes the reply in German once you accept; it is told
review-narrow = Show only
review-narrow-all = All
review-narrow-another = Another class
review-dial = Sure from
review-dial-more-proposed = 80 %, more is proposed
review-dial-more-waits = 95 %, more waits for you
review-row-gone = No longer there
review-row-gone-text = It was moved away or deleted since.
review-row-tick = Tick the mail “{ $subject }”
review-row-processing = Processing
review-row-processed = Processed
review-row-sent = Sent
review-row-rate = you read { NUMBER($read) } of { NUMBER($mails) }
review-row-rate-list = list mail, you read { NUMBER($read) } of { NUMBER($mails) }
review-said-dismissed = { $mails ->
    [one] { $mails } mail dismissed.
   *[other] { $mails } mails dismissed.
 }
review-said-reopened = { $mails ->
    [one] { $mails } mail put back.
   *[other] { $mails } mails put back.
 }
review-said-class = { $mails ->
    [one] Class of { $mails } mail put right.
   *[other] Class of { $mails } mails put right.
 }
review-said-left = { $mails ->
    [one] { $mails } mail left as it is.
   *[other] { $mails } mails left as they are.
 }
review-said-gone = { NUMBER($mails) } no longer there: nothing was done.
review-said-settled = { NUMBER($mails) } decided already: nothing was done.
review-said-more = { NUMBER($mails) } more match; ask again for those.
review-said-put-back = Put back

## pages/rules

rules-title = Rules
rules-new = New rule
rules-lead = Of a mail that several are about, the first one has it. What you run is shown first; what runs by itself does only what comes back exactly. All of it can be taken back.
rules-none = No rules yet
rules-none-text = A rule is a search, a class, an age or senders, and what to do with those mails. Before it may act, it is tested on the last 90 days: you see what it would have done, and how often you did the same.
rules-first = Write the first one
rules-keys-next = next
rules-keys-back = back
rules-keys-new = new
rules-keys-change = change
rules-keys-test = test
rules-keys-run = run
rules-keys-switch = switch on or off
rules-keys-up = move up
rules-keys-down = move down
rules-progress = { $looked }. Nothing is changed by that.
rules-test = Back-test
rules-test-at = Over the last 90 days, tested { $when }
rules-test-dial = Act where it is at least { NUMBER($percent) } % sure
rules-test-dial-touches = { NUMBER($percent) } %: { $mails ->
    [one] { $mails } mail touched
   *[other] { $mails } mails touched
 }
rules-test-take = Take { NUMBER($percent) } %
rules-test-hit = Protected mails it would have hit, and leaves alone
rules-test-unknown = What this cannot know
rules-test-nothing = It would have touched nothing.
rules-test-agreed = { $mails ->
    [one] It would have touched { $mails } mail. Where it is known what became of them, the same was done in { NUMBER($percent) } % of them.
   *[other] It would have touched { $mails } mails. Where it is known what became of them, the same was done in { NUMBER($percent) } % of them.
 }
rules-test-not-known = { $mails ->
    [one] It would have touched { $mails } mail, and nothing is known of what you wanted with them.
   *[other] It would have touched { $mails } mails, and nothing is known of what you wanted with them.
 }
rules-test-same = are as it would have left them
rules-test-left = were read and left there
rules-test-unread = are there unopened
rules-test-otherwise = were dealt with in another way
rules-test-protected = protected, so left alone
rules-test-unsure = not sure enough
rules-test-other = of another class
rules-card-on = On
rules-card-off = Off
rules-card-paused = Paused itself
rules-card-paused-text = Three of its runs were taken back, so it has paused itself. Look at what it says, then switch it on again.
rules-card-test-old = The rule says something else now. Test it again.
rules-card-waits = A run waits for you. { $why }
rules-card-waits-look = Look at it
rules-card-next = Runs next { $when }.
rules-card-sign-in = The mail server refused the sign-in, so it does not run by itself. Connect the account again, or run it once by hand.
rules-card-last = Last { $when }.
rules-card-switch-on = Switch on
rules-card-switch-off = Switch off
rules-card-run = Run now…
rules-card-test = Test
rules-card-show-test = Show test
rules-card-hide-test = Hide test
rules-card-change = Change
rules-card-up = Move up
rules-card-down = Move down
rules-card-delete = Delete
rules-card-delete-really = Delete, really
rules-form = Rule
rules-form-name = What you call it
rules-form-name-hint = Newsletters after a week
rules-form-classes = Mails that are, by the model on this server
rules-form-days = There for so many days
rules-form-senders = From (addresses or domains)
rules-form-search = And found by this search
rules-form-deed = Do this with them
rules-form-most = Without asking, mails at most
rules-form-timing = It runs
rules-form-day = On
rules-form-hour = At
rules-form-clock = { $hour }:00
rules-form-inbox = What is archived or moved is looked for in the inbox, unless the search says where. A rule that says something new is off until it was tested.
rules-form-by-itself = By itself it does only what comes back exactly; more mails than that wait for you as a draft. Mails that came before it was switched on are no new mail.
rules-form-zone = Its hour is by the clocks of { $zone }.

## pages/senders

senders-who = Who fills this mailbox
senders-by = Put together by
senders-by-sender = Senders
senders-by-list = Lists
senders-by-domain = Domains
senders-by-year = Years
senders-by-size = Sizes
senders-order = Order
senders-order-mails = Most mails
senders-order-unread = Most unread
senders-order-share = Least read
senders-order-bytes = Largest
senders-order-latest = Latest
senders-order-name = Name
senders-update = Bring up to date
senders-groups = { $by ->
    [list] { $groups ->
        [one] { $groups } list
       *[other] { $groups } lists
    }
    [domain] { $groups ->
        [one] { $groups } domain
       *[other] { $groups } domains
    }
    [year] { $groups ->
        [one] { $groups } year
       *[other] { $groups } years
    }
    [size] { $groups ->
        [one] { $groups } size
       *[other] { $groups } sizes
    }
   *[sender] { $groups ->
        [one] { $groups } sender
       *[other] { $groups } senders
    }
 }
senders-sum = { $mails } · { $size } · { $groups }. Trash and spam are left out.
senders-sum-first = { $mails } · { $size } · { $groups }, the first { NUMBER($shown) } here. Trash and spam are left out.
senders-picked = What is picked
senders-too-many = So many are no search any more. Take fewer at once.
senders-about-to-read = Headers are about to be read. Nothing is changed by that.
senders-not-all = Not all headers could be read.
senders-read = Headers read
senders-reading = Reading headers: { $mails ->
    [one] { $mails } mail
   *[other] { $mails } mails
 }
senders-reading-of = Reading headers: { NUMBER($read) } of { $mails ->
    [one] { $mails } mail
   *[other] { $mails } mails
 }
senders-mark-read = Mark read
senders-unsubscribe = Unsubscribe…
senders-archive = Archive
senders-trash = Trash
senders-none = Nothing here yet.
senders-nobody = No sender
senders-show-these = Show these mails
senders-list-mail = list mail
senders-still-comes = unsubscribed on { $date }, still comes
senders-still-comes-why = It was asked more than ten days before its last mail. Archive or trash it by a rule instead.
senders-rule = Make a rule…
senders-unsubscribed = unsubscribed on { $date }
senders-unsubscribed-why = Mails may still come for ten days.
senders-asked = asked on { $date }, no answer
senders-asked-why = Wait ten days: you may be unsubscribed or not.
senders-all-read = all read
senders-none-read = none read
senders-unread = { NUMBER($percent) } % unread

## pages/sign_in

sign-in-signed-out = You are signed out
sign-in-title = Sign in to Bulkhead
sign-in-ended = Your session has ended. Sign in again to go on where you were; jobs under way go on by themselves.
sign-in-jobs-go-on = Jobs under way go on by themselves.
sign-in-elsewhere = You sign in on a page of its own and come back here.
sign-in-moment = One moment…
sign-in-submit = Sign in
sign-in-under-way = Signing in…
sign-in-printed = When the server started, it printed an address in its terminal, which is good once. Open it, or paste it here; or paste the token.
sign-in-token = Address or token
sign-in-token-place = In the server’s data folder, the token is in the file

## state/archive

archive-broken = This is no whole zip archive.
archive-link = “{ $path }” in the archive is a link, and no file.
archive-locked = The archive is locked by a password.
archive-twice = There are two files “{ $name }” in the archive.
archive-many = There are more than { NUMBER($most) } files in the archive.
archive-heavy = The files in the archive have more than { NUMBER($most) } MB.
archive-empty = There is no file in the archive.
archive-too-large = The archive is too large: at most { NUMBER($most) } files.
archive-leads-out = “{ $path }” leads out of the archive.
archive-packing = it is packed in a way that is not known here ({ $method }).

## state/attaching

attaching-wrong = “{ $name }”: { $why }
attaching-empty = “{ $name }” is empty.
attaching-bytes = { $bytes ->
    [one] { $bytes } byte
   *[other] { $bytes } bytes
 }
attaching-kilobytes = { NUMBER($kilobytes) } KB
attaching-megabytes = { $megabytes } MB

## state/batch

## state/callback

callback-denied = You were not let in.
callback-denied-cure = Whoever looks after the sign-in has to let you in; or take another name.
callback-mismatch = That was not the answer to this tab's sign-in.
callback-mismatch-cure = It may be an old page, or it was begun in another tab. Nothing was signed in.
callback-refused = The sign-in refused to let this app in.
callback-refused-cure = Trying again may help. If it does not, the app is not set up right.
callback-unreachable-cure = It may be down, or the connection is gone. Try again in a moment.
callback-insecure = Signing in needs a secure connection.
callback-insecure-cure = Open this page by an address that begins with https.
callback-not-kept = This browser keeps nothing for this page.
callback-not-kept-cure = Signing in needs a cookie and a little storage. Allow both for this address in the browser's settings, then sign in again.
callback-used-up = This address lets nobody in.
callback-used-up-cure = An address is good once, for an hour, until the server is started again. Paste the token, or start the server again for a new address.

## state/chips

chips-unread = Unread
chips-lists = Newsletters and lists
chips-starred = Starred
chips-attachment = With attachment
chips-old = Older than a year
chips-new = Last 30 days
chips-large = Larger than 1 MB

## state/cleaned

## state/completion

## state/compose

compose-no-recipients = Say who gets the mail.
compose-no-address = Choose the column with the addresses.
compose-no-sender = Say who sends it.
compose-no-subject = Write a subject.
compose-no-file-column = Choose the column that names the files.
compose-no-text = Write a text.
compose-too-much = This is too much for one job, which takes 10,000 recipients and 2 MB: divide the file.
compose-wrong = { $field }: { $why }
compose-field-from = From
compose-field-reply-to = Reply to
compose-field-subject = Subject
compose-field-text = Text
compose-field-html = Html
compose-field-attachments = Attachments
compose-field-files = Files
compose-field-unsubscribe = Unsubscribe
compose-field-hold = Hold seconds
compose-field-rows = Rows

## state/connect_form

connect-form-no-dav-server = Name the server, or the address of the address book.
connect-form-no-sign-in = Name the user and the password.
connect-form-no-organisation = Name the organisation.
connect-form-no-application = Name the application's id.
connect-form-no-certificate = Paste the certificate.
connect-form-no-private-key = Paste the private key.
connect-form-port = The port is a number from 1 to 65535.
connect-form-no-mail-server = Name the mail server.
connect-form-no-user = Name the user.
connect-form-sending-port = The port for sending is a number from 1 to 65535.
connect-form-no-password = Name the password.
connect-form-no-token-endpoint = Name the token endpoint.
connect-form-no-client-id = Name the client id.
connect-form-no-refresh-token = Name the refresh token.

## state/contact_file

contact-file-empty = There is no contact in this file.
contact-file-nothing = Nothing in this file can be added.
contact-file-too-much = This is too much for one job, which takes 10,000 contacts and 2 MB: divide the file, or leave out the photos.
contact-file-twice = It has the same id as number { NUMBER($number) }.
contact-file-unreadable = It is in a character set that is not known.
contact-file-no-cards = This is no file of vCards: { $why }.
contact-file-no-table = This is no table of contacts: { $why }.

## state/families

## state/filters

## state/gathered

## state/items_view

items-view-as-worked = As worked on
items-view-name = Name
items-view-latest = Latest
items-view-outcome = Outcome

## state/job_view

job-view-in-work = In work
job-view-waiting = Waiting

## state/known_jobs

## state/lease

## state/leaving

## state/open_drafts

## state/options_form

options-form-no-number = This is not a number it can be.

## state/pace

## state/palette

## state/picked_groups

## state/picks

## state/preview_rows

preview-rows-all = All
preview-rows-first-three = First three
preview-rows-longest = Longest
preview-rows-warnings = Warnings

## state/recipients

## state/rows

## state/rule_form

rule-form-archive = Archive
rule-form-trash = Move to Trash
rule-form-move = Move to a folder
rule-form-label = Label
rule-form-mark-read = Mark as read
rule-form-mark-unread = Mark as unread
rule-form-star = Star
rule-form-unstar = Take the star off
rule-form-asks-folder = Folder
rule-form-by-hand = When I say so
rule-form-new-mail = When new mail comes
rule-form-hourly = Each hour
rule-form-daily = Each day
rule-form-weekly = Each week
rule-form-days = Write a whole number of days, or nothing.
rule-form-most = Write a whole number of mails.

## state/rule_of

## state/suggestions

## state/table

table-of-sheet = { $file }, sheet “{ $sheet }”
table-of-one-sheet = { $file }, sheet “{ $sheet }” (its other sheets were not read)
table-pasted = what was pasted
table-picked = what was picked

## state/taken_back

## state/test_dial

## state/under_way
