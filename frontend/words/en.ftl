### What the app says, in English. `de.ftl` says the same in German.
###
### A message is a function of its values: `{ $name }` is a text, `{ NUMBER($count) }` a number as the reader writes it,
### and a choice by `[one]` or a number chooses by one. `<b>` stands out. Names begin with the file or folder that says
### them. What the server says too is in `shared/words`.

## common

close = Close
loading = Loading
reload = Reload
try-again = Try again

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

## components/connect_fields

## components/contact_row

## components/dialog

## components/dials

## components/drafting

## components/drafts

## components/found_note

## components/help

## components/icon

## components/import_dialog

## components/item_list

## components/item_row

## components/job

## components/later

## components/letters

## components/link

## components/mail_row

## components/monogram

## components/operation_form

## components/palette

## components/problem_note

## components/rate_limit_note

## components/reader

## components/search_box

## components/sender_views

## components/sheet

## components/sidebar

## components/toolbar

## components/tray

## components/unsearched_note

## components/window_list

## pages/advice

## pages/batch

## pages/compose

## pages/connect

## pages/contacts

## pages/directory

## pages/history

## pages/job

## pages/mailbox

## pages/model

## pages/not_found

## pages/review

## pages/rules

## pages/senders

## pages/sign_in

## state/archive

## state/attaching

## state/batch

## state/callback

## state/chips

## state/cleaned

## state/completion

## state/compose

## state/connect_form

## state/contact_file

## state/families

## state/filters

## state/gathered

## state/items_view

## state/job_view

## state/known_jobs

## state/lease

## state/leaving

## state/open_drafts

## state/options_form

## state/pace

## state/palette

## state/picked_groups

## state/picks

## state/preview_rows

## state/recipients

## state/rows

## state/rule_form

## state/rule_of

## state/suggestions

## state/table

## state/taken_back

## state/test_dial

## state/under_way
