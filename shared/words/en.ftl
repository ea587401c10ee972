### What is said in more than one place, in English. `de.ftl` says the same in German.
###
### A message is a function of its values: `{ $name }` is a text, `{ NUMBER($count) }` a number as the reader writes it,
### and a choice by `[one]` or a number chooses by one. `<b>` stands out. Names begin with the file or folder that says
### them.

## kinds

kind-mail = mail
kind-mail-many = mails
kind-contact = contact
kind-contact-many = contacts
kind-mailbox = mailbox
kind-mailbox-many = mailboxes
kind-recipient = recipient
kind-recipient-many = recipients
kind-mail-home = mailbox
kind-contact-home = address book
kind-mailbox-home = directory
kind-recipient-home = list of recipients
kind-mail-everything = every mail outside trash and spam
kind-contact-everything = every contact
kind-mailbox-everything = every mailbox, active and inactive
kind-recipient-everything = every recipient
mail-inbox = Inbox
mail-no-subject = (no subject)

mailbox-address-empty = is empty; an address looks like ann@example.com
mailbox-address-at = is no address, which looks like ann@example.com, with one “@”
mailbox-address-letter = has “{ $letter }” in it, which no address has; one looks like ann@example.com
mailbox-address-domain = names no domain behind the “@”; an address looks like ann@example.com
mailbox-address-dots = has a dot at a place where none may be; an address looks like ann.lee@example.com
mailbox-address-long = is longer than an address can be, which is 64 characters before the “@” and 254 in all
mailbox-address-several = are several addresses; one row takes one

mailbox-moment = %-d %B %Y, %H:%M UTC
blocker-no-right = The one who is signed in has no right to do this.
blocker-no-such-source = The directory knows no mailbox of this GUID.
blocker-not-inactive = The source is in use: it was not deleted.
blocker-retention-over = The source was kept until { $until }; it may be gone at any moment.
blocker-on-hold = A hold or a retention by law lies on the source.
blocker-target-exists = A mailbox of this sign-in name is there already.
blocker-address-taken = The address belongs to { $by }.
blocker-no-such-target = The directory knows no such target.
blocker-target-inactive = The target is deleted itself.
blocker-same-mailbox = Source and target are the same mailbox.
blocker-over-quota = The source has { $needed }, and { $left } are left of the target's quota.
blocker-rule-unsupported = This directory cannot restore by “{ $rule }”.
blocker-same-source = Row { $row } names the same source.
blocker-same-target = Row { $row } wants the same target.

blocker-cure-no-right = Connect the directory as an administrator who has the right.
blocker-cure-no-such-source = Pick the mailbox from the list of inactive ones, or look its GUID up again.
blocker-cure-not-inactive = Take the row out, or pick the inactive mailbox that you mean.
blocker-cure-retention-over = Ask for its backup, and do this row first if it is still there.
blocker-cure-on-hold = Restore it into another mailbox, which leaves the hold in place, or have the hold lifted.
blocker-cure-target-exists = Restore into that mailbox, or give the row another sign-in name.
blocker-cure-address-taken = Give the row another address, or free this one first.
blocker-cure-no-such-target = Correct the target, or recover the mailbox as a new one.
blocker-cure-target-inactive = Recover the target first, or name another one.
blocker-cure-same-mailbox = Name another target, or recover the mailbox.
blocker-cure-over-quota = Raise the target's quota, or make room in it.
blocker-cure-rule-unsupported = Choose one of the rules that it can restore by.
blocker-cure-same-source = Take one of the two rows out.
blocker-cure-same-target = Give one of the two rows another target.

conflict-keep-target = what the target has already stays as it is
conflict-keep-source = the source's messages replace the target's
conflict-keep-newer = of each two the newer one stays
conflict-keep-both = both are kept

guid-number = is a number that a spreadsheet made of an id; format the column as text and put the id in again
guid-sheet-error = is a spreadsheet's error and no id; look up the id again
guid-digits = has { $digits } digits; a GUID has 32, as in 3f2504e0-4f89-41d3-9a0c-0305e82c3301
guid-other = is no GUID, which looks like 3f2504e0-4f89-41d3-9a0c-0305e82c3301
guid-cleaned-braces = braces taken off
guid-cleaned-no-dashes = dashes put in
guid-cleaned-blanks = blanks taken out
guid-cleaned-hyphens = hyphens made plain
guid-cleaned-quotes = quotes taken off

rows-about-source = The GUID of the inactive mailbox.
rows-about-upn = What its person signs in with.
rows-about-smtp = The address that its mail is sent from; the sign-in name if empty.
rows-about-display-name = The name that others see.
rows-about-first-name = The first name.
rows-about-last-name = The last name.
rows-about-department = The department.
rows-about-company = The company.
rows-about-target = The active mailbox that the content goes into: its GUID, or its sign-in name.
rows-about-folder = The folder of the target that everything goes into; if empty, each message into the folder it was in.
rows-about-conflict = What becomes of messages that are in both: keep_target, keep_source, keep_newer or keep_both.
rows-name-long = has more than 256 characters
rows-control = has a line break or a control character in it
rows-name-sheet-error = is a spreadsheet's error; look the name up again
rows-name-empty = is empty; put in the name that others are to see
rows-target-sheet-error = is a spreadsheet's error; look the mailbox up again
rows-folder-long = has more than 500 characters
rows-folder-nameless = names a folder without a name; a path looks like Restored/2025
rows-no-rule = is no rule; one of keep_target, keep_source, keep_newer and keep_both is
rows-source-itself = is the source itself; name the mailbox that its content is to go into
rows-source-empty = is empty; put in the GUID of the inactive mailbox
rows-address-sheet-error = is a spreadsheet's error; look the address up again
rows-too-many-cells = The row has { $cells } cells below { $columns } columns.
rows-unknown-column = The columns do not name “{ $column }”.
rows-no-row = A row is a list of cells, or an object of columns.

mailbox-search-unknown = Mailboxes have no “{ $word }”. They are found by words of their name or address, in:inactive, in:active, before:, after:, larger: and smaller:.
mailbox-example-word = mailboxes with this word in name, address, department or company
mailbox-example-inactive = deleted and kept; in:active for those in use
mailbox-example-dates = deleted from this month on, and before that one
mailbox-example-age = deleted in the last thirty days
mailbox-example-size = larger than a gigabyte; also smaller:

sheet-same-source = { $column } “{ $value }”: row { $row } (line { $line }) names the same mailbox; take one of the two out.
sheet-same-target = { $column } “{ $value }”: row { $row } (line { $line }) wants the same target; take one of the two out.
sheet-same-restoration = { $column } “{ $value }”: row { $row } (line { $line }) restores the same mailbox into it; take one of the two out.

## operations (mail)

draft-reply-label = Draft reply
draft-reply-order = Draft replies to { $items }
draft-reply-report = { $items } answered by a draft
draft-reply-text = Text
draft-reply-text-hint = It can say {"{{"} name {"}}"}, {"{{"} first_name {"}}"}, {"{{"} address {"}}"}, {"{{"} subject {"}}"} and {"{{"} date {"}}"} of the mail. What it answers is quoted beneath.
draft-reply-template = Kept template
draft-reply-template-hint = The name of a template that you keep under Compose, instead of a text.
draft-reply-instruction = Written by the model: what it should say
draft-reply-instruction-hint = Instead of a text: the model that you chose writes each reply anew, into the drafts. It is sent the beginning of each mail, and costs tokens.
draft-reply-language = Language of what the model writes
draft-reply-as-mail = As the mail
draft-reply-as-mail-text = Each in the language of what it answers.
draft-reply-english = English
draft-reply-german = German
draft-reply-both = Give a text, a kept template or an instruction, and only one of them.
draft-reply-neither = Give a text, the name of a template that is kept, or an instruction for the model.
draft-reply-empty = Has to say something.
draft-reply-too-long = Has { $bytes } bytes at most.
process-reply = Reply to what asks for an answer
operation-no-rows = This operation takes no rows.
operation-many-move = Many items change their place at once.
operation-is-text = “{ $header }” has to be a text.

undo-label = Undo
undo-order = Put back { $items }
undo-report = { $items } put back
undo-of-a-job = Undo is made from a job: POST /api/v1/jobs/{ "{job}" }/undo.

archive-label = Archive
archive-order = Archive { $items }
archive-report = { $items } archived

classify-label = Classify
classify-order = Classify { $items }
classify-report = { $items } classified

export-label = Export
export-order = Export { $items }
export-order-as = Export { $items } as { $format }
export-report = { $items } exported
export-format = Format
export-mails-hint = The mailbox is not touched. The file is downloaded from the job.
export-mails-mbox = Whole messages with attachments, for mail programs
export-mails-csv = One row of headers for each mail, for spreadsheets
export-mails-json = The same as objects, for programs

label-label = Label
label-order = Label { $items }
label-order-add = Label { $items } { $labels }
label-order-remove = Take { $labels } off { $items }
label-order-both = Label { $items } { $add }, take off { $remove }
label-report = { $items } labelled
label-new = New label
label-quoted = “{ $label }”
label-none = Name at least one label to add or remove.
label-too-many = At most { $most } labels in one job.
label-both = “{ $label }” is both added and removed.
label-length = A label has 1 to { $most } characters.
label-start = “{ $label }”: a label does not start with \ or $.
label-character = “{ $label }”: the character { $character } cannot be part of a label; letters, digits, - _ . / can.

mark-read-label = Mark read
mark-read-order = Mark { $items } as read
mark-read-report = { $items } marked as read
mark-unread-label = Mark unread
mark-unread-order = Mark { $items } as unread
mark-unread-report = { $items } marked as unread

move-label = Move
move-order = Move { $items }
move-order-to = Move { $items } to { $folder }
move-report = { $items } moved
move-report-to = { $items } moved to { $folder }
move-folder = Folder
move-folder-length = A folder's name has 1 to { $most } bytes.
move-folder-control = A folder's name has no control characters.

process-label = Process
process-order = Propose what to do with { $items }
process-order-act = Propose what to do with { $items }, and do what is sure
process-report = { $items } looked through for what to do with them
process-certainty = How sure
process-certainty-hint = What is less certain is left for you to look at.
process-as-set = As set
process-as-set-text = As you set it under Needs review; 90 % until you do
process-90-text = Right nine times in ten
process-95-text = Fewer proposals, of which fewer are wrong
process-80-text = More proposals, of which more are wrong
process-then = What is as sure
process-then-hint = Nothing is ever done that does not come back exactly.
process-wait = Waits for you
process-wait-text = All proposals are put into Needs review, and nothing is done to any mail
process-act = Is done
process-act-text = By jobs that begin by themselves when this one ends, each with its undo
process-act-risk = What is as sure as you ask is done without another question.
process-no-class = Of no known class
process-starred = It has a star.
process-answered = You answered it.
process-labelled = It has a label.
process-own = You wrote it yourself.

star-label = Star
star-order = Star { $items }
star-report = { $items } starred
unstar-label = Unstar
unstar-order = Unstar { $items }
unstar-report = { $items } left without a star

trash-label = Trash
trash-order = Move { $items } to Trash
trash-report = { $items } moved to Trash
trash-risk-many = Many mails go to the trash, which many servers empty after 30 days.
trash-risk = Many servers empty the trash after 30 days.

unsubscribe-label = Unsubscribe
unsubscribe-list = { $number } list
unsubscribe-lists = { $number } lists
unsubscribe-order = Unsubscribe from { $lists }
unsubscribe-report = { $lists } asked to write no more
unsubscribe-risk = A list that was asked cannot be called back: to get its mails again, subscribe anew.

## operations (contact)

check-contacts-label = Check
check-contacts-order = Check { $items }
check-contacts-report = { $items } checked
check-contacts-unreadable = This is no vCard.
check-contacts-unreachable = It has neither an e-mail address nor a telephone number.
check-contacts-wrong-address = “{ $address }” is no e-mail address.
check-contacts-nameless = It has no name.

create-contacts-label = Add
create-contacts-order = Add { $items }
create-contacts-report = { $items } added
create-contacts-no-card = No vCard: { $error }.
create-contacts-no-contact = No contact: { $error }.
create-contacts-no-row = A row is a vCard as a text, or an object of columns.

delete-contacts-label = Delete
delete-contacts-order = Delete { $items }
delete-contacts-report = { $items } deleted
delete-contacts-risk = They are gone from the server; only the undo, as long as it is kept, brings them back.

export-contacts-hint = The address book is not touched. The file is downloaded from the job.
export-contacts-4 = Whole cards, for programs of today
export-contacts-3 = Whole cards, for telephones and older programs
export-contacts-csv = One row for each contact, for spreadsheets; without photos, and what else has no column

merge-contacts-label = Merge duplicates
merge-contacts-order = Delete { $items } as duplicates
merge-contacts-report = { $items } merged
merge-contacts-risk = A group of contacts that lists one of them by its UID does not list the one that stays.

update-contacts-label = Edit
update-contacts-order = Edit { $items }
update-contacts-report = { $items } edited
update-contacts-organisation = Organisation
update-contacts-organisation-hint = What is left empty stays as it is.
update-contacts-title = Position
update-contacts-add = Put into categories
update-contacts-remove = Take out of categories
update-contacts-remove-hint = Several are separated by commas.
update-contacts-prefix = Beginning of telephone numbers
update-contacts-domain = Domain of e-mail addresses
update-contacts-note = Note
update-contacts-note-hint = Takes the place of the note that is there.
update-contacts-nothing = Say what is to be changed.
update-contacts-both = “{ $name }” is both added and removed.

## operations (mailbox)

mailboxes-columns = At most { $most } columns with names of { $bytes } bytes.
mailboxes-headers = Wrong headers: { $faults }.

export-mailboxes-order = Export details of { $items } as { $format }
export-mailboxes-hint = Nothing is touched. The file is downloaded from the job.
export-mailboxes-csv = One row for each mailbox, for spreadsheets
export-mailboxes-json = One object for each mailbox, for programs

recover-mailboxes-label = Recover
recover-mailboxes-order = Recover { $items }
recover-mailboxes-report = { $items } recovered
recover-mailboxes-risk-active = Their people can sign in again, mail arrives in them, and they may need licences.
recover-mailboxes-risk-back = Taken back they are inactive again with all that came since, and the time they are kept begins anew.

restore-mailboxes-label = Restore
restore-mailboxes-order = Restore { $items }
restore-mailboxes-report = { $items } restored
restore-mailboxes-risk = People find messages in their mailboxes that were not there before.
restore-mailboxes-risk-replaced = Messages of the targets are replaced.

validate-mailboxes-label = Validate
validate-mailboxes-order = Validate { $items }
validate-mailboxes-report = { $items } validated

## operations (recipient)

attached-no-cell = This row has no such cell.
attached-empty = The cell is empty: it has to name the file that goes along.
attached-unknown = No file “{ $name }” was uploaded.
attached-unknown-meant = No file “{ $name }” was uploaded. There is one called “{ $file }”.
attached-already = “{ $name }” goes along with every mail already.

bulk-send-label = Send
bulk-send-order = Send a mail to { $items }
bulk-send-report = Sent to { $items }
bulk-send-from = From
bulk-send-subject = Subject
bulk-send-text = Text
bulk-send-nothing = Write a text, or HTML.
bulk-send-file-column = Say which column names the files.
bulk-send-hold = A hold is 0 to { $most } seconds; name a time for a later one.
bulk-send-risk = A mail that went out cannot be called back.
bulk-send-unsubscribe = Has to be an address, or a page whose address begins with https://.
nothing-in-it = There is nothing in it.
bulk-send-too-long = It has at most { $most } bytes.

recipient-cell-fault = “{ $column }”: { $message }
recipient-no-row = A row is an object of columns.
recipient-no-column = There is no column “{ $column }” with an address.
recipient-row-bytes = A row has at most { $most } bytes.
recipient-no-cell = A cell is a text or a number.
recipient-name-control = A name has no line breaks and no other control characters.
recipient-name-long = A name has at most { $most } bytes.

## outcome

outcome-nobody-to-answer = It names no address that takes answers.
outcome-of-a-list = It came by a list; no reply is drafted to one.
outcome-of-a-program = A program wrote it; no reply is drafted to one.
outcome-own-mail = You wrote it yourself.
outcome-already-done = It already was as you asked.
outcome-missing = It is no longer where it was, or no longer matched.
outcome-changed-since = Somebody changed it since, so it was left alone.
outcome-contended = Somebody else kept changing it.
outcome-refused = The account's server refused.
outcome-forbidden = This account has no right to do that here.
outcome-over-quota = The mailbox is full.
outcome-no-such-folder = The target folder does not exist.
outcome-too-large = It is too large.
outcome-unavailable = The account's server could not do it for now.
outcome-sign-in = The account's server refused the sign-in.
outcome-internal = Something went wrong on our side.
outcome-stopped = Not started: you stopped the job.
outcome-stopped-on-error = Not started: the job stops at the first error.
outcome-braked = Not started: too much had failed.
outcome-no-answer = The account's server never answered, and looking did not tell.
outcome-not-inactive = The mailbox is in use: it was not deleted.
outcome-address-taken = Another mailbox has the address or sign-in name.
outcome-no-such-target = The target mailbox is not there, or is deleted itself.
outcome-shared-id = The mail system gave two mailboxes one id, and may keep the mails of both in one place.
outcome-retention-over = The time is over for which the mailbox was kept.
outcome-on-hold = A hold or a retention by law lies on the mailbox.
outcome-may-have-arrived = The mail server never answered: it may have arrived or not.
outcome-no-such-recipient = Nobody has this address.
outcome-recipient-full = The recipient's mailbox is full.
outcome-against-rules = The mail server's rules forbid it.
outcome-content-refused = The mail server does not take what is in the mail.
outcome-unrenderable = No mail can be made of the template and this row.
outcome-suppressed = The address is on your list of those who get no mail.
outcome-file-gone = A file that goes along is not kept any more.
outcome-no-unsubscribe = Its mails do not say how to unsubscribe.
outcome-web-page-only = It names only a web page for it, which is not opened from here.
outcome-not-trusted = Nothing proves that the page for it belongs to the list.
outcome-from-spam = It is spam: an answer tells its sender that somebody reads it.
outcome-cannot-send = It takes a mail for it, and this account sends none.
outcome-leads-elsewhere = The list's server leads to another page; none is followed.
outcome-list-refused = The list's server refused.
outcome-not-public = The list's server cannot be trusted, or is not on the public internet.
outcome-may-be-unsubscribed = The list's server never answered: you may be unsubscribed or not.
outcome-model-unavailable = The model could not be asked for now.
outcome-model-key = The model's endpoint does not take the key.
outcome-model-refused = The model's endpoint refuses the request.
outcome-unclassified = The model said nothing of it that can be used.
outcome-unwritten = The model wrote nothing that may become a draft.
outcome-not-agreed = It was not sent: you took your yes to this model back, or chose another one.

cure-retry-later = Wait a little, then retry what failed.
cure-refused = Look at one of them in your mail program; the server may say why.
cure-forbidden = Ask the mailbox's owner for the right, then retry.
cure-over-quota = Make room, then retry what failed.
cure-no-such-folder = Create the folder, then retry what failed.
cure-too-large = Handle these by hand.
cure-sign-in = Connect the account again, then retry.
cure-internal = Retry; if it stays, tell us the job's id.
cure-braked = See why so many failed before you start again.
cure-no-answer = Retry looks first and repeats nothing that was done.
cure-not-inactive = Take it out, or pick the inactive mailbox that you mean.
cure-address-taken = Give it another address, or free this one first.
cure-no-such-target = Correct the target, or recover the mailbox as a new one.
cure-shared-id = Have the mail system's administrator copy one of the two into a new mailbox; nothing was touched.
cure-retention-over = Ask for its backup.
cure-on-hold = Restore it into another mailbox, or have the hold lifted.
cure-may-have-arrived = Ask whether it arrived; nothing sends it again by itself.
cure-no-such-recipient = Correct the address and send to it alone.
cure-recipient-full = Wait some days, then retry what failed.
cure-against-rules = Ask whoever runs the mail server what this account may send.
cure-content-refused = Change words, links or attachments that look like spam.
cure-unrenderable = Correct the row, then send to it alone.
cure-file-gone = Upload the file again, and send to these alone.
cure-web-page-only = Open the page yourself if you trust whoever writes this.
cure-by-a-rule = Archive or trash its mails by a rule instead.
cure-cannot-send = Give the account a server for outgoing mail, then start anew.
cure-open-a-mail = Open one of its mails and use the link in it, or trash them by a rule.
cure-not-public = Trash its mails by a rule instead.
cure-may-be-unsubscribed = Wait ten days; nothing asks again by itself.
cure-model-key = Enter another key under Model and privacy, then retry.
cure-model-refused = Look at its address and the model's name under Model and privacy, then retry.
cure-unclassified = Look at these yourself, or retry.
cure-unwritten = Answer these yourself, or retry.
cure-not-agreed = Retry: whichever model is chosen now is asked.

## problem

problem-invalid = Something in the request is not right.
problem-unauthenticated = Please sign in.
problem-cross-site = This request came from another site.
problem-not-found = There is no such thing here.
problem-method-not-allowed = This cannot be done here.
problem-wrong-state = The job is not in a state that allows this.
problem-hash-mismatch = This is not what was previewed.
problem-drifted = Something has changed since the preview.
problem-key-reused = This idempotency key was used for another request.
problem-not-undoable = This cannot be undone.
problem-gone = This is no longer kept.
problem-too-large = The request is too large.
problem-unsupported-media-type = The body has to be JSON.
problem-too-many-requests = Too many requests.
problem-too-many-open-jobs = Too many jobs are open.
problem-sign-in-needed = The account's server refuses the sign-in.
problem-provider-unavailable = The account's server cannot be reached.
problem-unavailable = This server is too busy for the moment.
problem-internal = Something went wrong on our side.

## class

class-request = Request
class-request-text = Somebody asks you to do something.
class-question = Question
class-question-text = Somebody wants to know something from you, and an answer is all it takes.
class-meeting = Meeting
class-meeting-text = An invitation to a meeting, an answer to one, or a talk about when to meet.
class-personal = Personal
class-personal-text = From family and friends, about life.
class-list-discussion = List discussion
class-list-discussion-text = One of many voices on a mailing list.
class-newsletter = Newsletter
class-newsletter-text = News and articles that come regularly, to be read and not to be answered.
class-promotion = Promotion
class-promotion-text = Somebody known wants to sell you something.
class-notification = Notification
class-notification-text = A machine tells that something happened: a comment, a sign-in, a build, a code.
class-receipt = Receipt
class-receipt-text = Something that has to do with money you spent: orders, bookings, invoices, payments.
class-delivery = Delivery
class-delivery-text = Where a parcel is.
class-spam = Spam
class-spam-text = Nobody asked for it, and it wants your money, your data or your attention.
class-other = Other
class-other-text = Anything else: automatic answers, mails that came back, tests, mails of nothing.

## proposal

proposal-reply = Draft a reply
proposal-archive = Archive
proposal-trash = Move to Trash
proposal-label-receipt = Label “receipts”
proposal-keep = Keep
proposal-review = Look at it

## rules

rules-name = A rule needs a name of at most { $most } characters.
rules-search = A rule's search has at most { $most } bytes.
rules-classes = Each class once is enough.
rules-no-class = “{ $class }” is none of { $known }.
rules-percent = Has to be { $least } to { $most }.
rules-older = Has to be 1 to { $most } days, or left out.
rules-senders = A rule names at most { $most } senders.
rules-no-sender = “{ $sender }” is neither an address nor a domain.
rules-empty = Say which mails it is about: a search, a class, an age or a sender.
rules-by-itself = Has to be 1 to { $most } mails.
rules-new-is-not-old = What has just come is not old: a rule about old mails runs on a schedule.
rules-no-change = Has to be something that changes mails.
rules-hour = Has to be an hour from 0 to 23.
rules-zone = Has to be the name of a time zone, as Europe/Berlin.
rules-when-by-hand = when you say so
rules-when-hourly = each hour
rules-when-daily = each day at { $hour }:00
rules-when-weekly = each { $day } at { $hour }:00
rules-when-new-mail = when new mail comes
weekday-monday = Monday
weekday-tuesday = Tuesday
weekday-wednesday = Wednesday
weekday-thursday = Thursday
weekday-friday = Friday
weekday-saturday = Saturday
weekday-sunday = Sunday

## query

query-at = { $message } (at character { $position }).
query-unknown-field = { $kind ->
    [contact] “{ $name }:” is not known of contacts. Known are { $known }. To look for the text itself, quote it.
    [mailbox] “{ $name }:” is not known of mailboxes. Known are { $known }. To look for the text itself, quote it.
    [recipient] “{ $name }:” is not known of recipients. Known are { $known }. To look for the text itself, quote it.
   *[mail] “{ $name }:” is not known. Known are { $known }. To look for the text itself, quote it.
}
query-one-minus = One “-” is enough.
query-minus = “-” leaves out what follows it without a space, as in -word or -from:ann. To look for the sign itself, quote it: "-".
query-value = A value is one word or quoted words. For several, write ({ $name }:a OR { $name }:b).
query-no-value = “{ $name }:” needs a value right after the colon.
query-empty-quotes = There is nothing between the quotes.
query-open-quote = This quote is never closed.
query-stray-bracket = This “)” has no “(” before it.
query-too-long = A search has at most { $most } bytes.
query-control = A search has no control characters.
query-needs-after = “{ $word }” needs a term after it, as in from:ann { $word } from:bob.
query-term-missing = A term is missing here.
query-too-deep = Brackets go at most { $most } deep.
query-empty-brackets = There is nothing between these brackets.
query-open-bracket = This “(” is never closed.
query-too-many = A search has at most { $most } terms.
query-needs-before = “{ $word }” needs a term before it. To look for the word itself, quote it.
query-class = There is no class “{ $class }”. Known are { $known }, and none for mails that nobody has looked at.
query-class-meant = There is no class “{ $class }”. Did you mean { $meant }? Known are { $known }, and none for mails that nobody has looked at.
query-has = “has:” is followed by attachment.
query-is = “is:” is followed by unread, read, starred, unstarred or list.
query-size = A size is written like 5M, 100K or 1000.
query-date = A date is written like 2024-01-31, 2024-01 or 2024.
query-age = An age is written like 7d, 2w, 3m or 1y, at most 100 years.
query-example-word = mails with this word in sender, recipients, subject or text
query-example-phrase = exactly these words, side by side
query-example-from = sender's name or address contains “ann”
query-example-to = sent to this address
query-example-subject = subject contains these words
query-example-in = in one folder: inbox, archive, trash, sent, drafts, spam, or a folder's full name
query-example-anywhere = everywhere; without it, trash and spam are left out. Shared folders are named: in:Public/Team
query-example-label = carries this label
query-example-unread = also is:read, is:starred, is:unstarred
query-example-list = came by a mailing list or as a newsletter; list:news.example.com for one of them
query-example-attachment = has a file attached, by the mail's structure; encrypted mails match neither this nor its opposite
query-example-class = is a newsletter, by what was found when it was classified; mails that were not looked at match neither this nor its opposite
query-example-no-class = nobody has looked yet at what they are about
query-example-larger = larger than 5 MB; also 100K or 1000 (bytes), and smaller:
query-example-older = older than two years; d, w, m, y for days, weeks, months, years
query-example-newer = from the last seven days, to the second
query-example-dates = from this day on in UTC, and earlier than that year
query-example-or = either of them
query-example-not = all but these
query-example-brackets = brackets group
unsearched-forbidden = this account has no right to open it
unsearched-refused = the mail server refuses to open it
unsearched-not-understood = the mail server's answer makes no sense
unsearched-no-such-folder = there is no folder of this name
unsearched-encrypted = what is encrypted does not tell whether a file is inside
unsearched-undated = the mail server does not tell when they arrived
unsearched-not-looked-at = nobody has looked yet at what they are about
unsearched-folder = “{ $folder }”: { $why }.
unsearched-mails = { $mails } in “{ $folder }”: { $why }.
unsearched-folders = { $folders ->
    [one] 1 folder
   *[other] { $written } folders
}
unsearched-summary-not-looked-at = { $mails ->
    [one] 1 mail was not looked at yet.
   *[other] { $written } were not looked at yet.
}
unsearched-summary = { $what } could not be searched.
unsearched-summary-both = { $folders } and { $mails } could not be searched.

## selection

selection-no-ids = Pick at least one item.
selection-no-rows = Bring at least one row.
selection-too-many-rows = At most { $most } rows in one request.
selection-too-many-ids = At most { $most } ids in one request; use a query for more.
selection-twice = The id at position { $index } is named twice.

## csv

csv-too-many-cells = The row has { $cells } cells below { $headers } headers; each column needs one.
csv-too-many-cells-quotes = The row has { $cells } cells below { $headers } headers; a cell with “{ $separator }” in it has to stand in quotes.
csv-long-cell = { $column } has { $chars } characters, and 10,000 are the most.
csv-empty = the file is empty
csv-too-large = the file has { $bytes } bytes, and { $most } are the most; divide it
csv-workbook = the file is a workbook; save it as “CSV UTF-8”
csv-unreadable = the workbook cannot be read: { $why }; save it as “CSV UTF-8”
csv-binary = the file is no text; save the table as “CSV UTF-8”
csv-unclosed-quote = the quote that opens in line { $line } is never closed; put a second one behind the cell, or two in place of it
csv-too-many-rows = the file has more than { $most } rows; divide it
csv-too-many-columns = the file has { $found } columns, and { $most } are the most
csv-no-rows = there is no row below the headers
csv-commas = commas
csv-semicolons = semicolons
csv-tabs = tabs
csv-separated = cells separated by “{ $separator }”
csv-as-they-are = cells as they are
csv-named = { $cells } (named by its first line)
csv-line-ends = lines end with { $end }
csv-empty-rows = { $rows ->
    [one] 1 empty row skipped
   *[other] { $written } empty rows skipped
}
csv-marked = UTF-8 with a byte order mark
csv-header-missing = the column “{ $name }” is missing
csv-header-missing-known = the column “{ $name }” is missing; not known are: { $found }
csv-header-twice = “{ $first }” and “{ $second }” are the same column; take one of them out
csv-cell-fault = { $column } “{ $value }” { $message }.

## address

address-nothing = There is no address.
address-no-at = An address has an @, as in ann@example.org.
address-two-ats = There is more than one @.
address-no-local = Nothing stands before the @.
address-dots = What stands before the @ has dots at its ends, or two in a row: write it in quotes.
address-sign = What stands before the @ has a sign that has to be in quotes.
address-letters = What stands before the @ has letters that most mail servers do not take.
address-long-local = What stands before the @ is longer than 64 bytes.
address-domain = What stands behind the @ is no domain, as example.org is.
address-long = It is longer than 254 bytes.
address-long-name = The name is longer than 300 bytes.
address-control = It has a line break or another control character.
address-open = A quote or an angle bracket is left open.
address-behind = Something stands behind the address.

## vcard

vcard-edit-empty = say what the field is to be
vcard-edit-too-long = a field takes 2,000 bytes, and an edit 20 categories
vcard-edit-no-prefix = a telephone prefix is digits, or + and digits
vcard-edit-no-address = this is no e-mail address or domain
vcard-edit-unreadable = the field is in a character set that is not known
vcard-line = line { $line }: { $fault }
vcard-no-card = a card has to begin with BEGIN:VCARD
vcard-not-ended = this card does not end with END:VCARD
vcard-too-large = this card is larger than 1 MB or has more than 20,000 lines
vcard-too-many = the file has more than 10,000 cards
vcard-not-one = there is more than one card
vcard-utf16 = the file is in UTF-16; save it as UTF-8
vcard-search-unknown = Contacts have no “{ $word }”. They are found by their words, or by those of one field: org:acme.
vcard-no-name = (no name)
vcard-not-readable = (not readable)
vcard-example-word = contacts with this word in any field
vcard-example-field = in one field: name, email, phone, org, title, category, address, birthday, url, chat, note
vcard-example-words = both words
vcard-example-field-phrase = in one field, side by side
vcard-table-no-columns = the first line names no column of a contact, such as Name, First Name, E-mail or Phone
vcard-row-too-many-cells = this row has more cells than the first line has columns
vcard-row-nobody = this row has no name, organisation, e-mail address or telephone number
vcard-row-too-long = the column { $column } takes 32 KB
vcard-row-unknown = no field of a contact is called “{ $column }”
vcard-row-no-date = the column { $column } takes a date as 1990-04-12

## attached files

file-no-name = A file has a name.
file-long-name = The name of a file has at most 150 bytes.
file-folder = The name of a file has no folders in it.
file-unseen = The name of a file has no line breaks and no other signs that cannot be seen.
file-empty = “{ $name }” is empty.
file-digits = Has to be 64 small hexadecimal digits.
file-too-large = “{ $name }” is too large: a file has at most { $most } MB.
file-too-many = At most { $most } files.
file-twice = There are two files “{ $name }”.
file-too-much = Together they are too large: a mail has at most { $most } MB, and files grow by a third in it.

## api

batch-nothing = Name at least one mail.
batch-too-many = These are { $mails }; at most { $most } mails are allowed.
batch-twice = { $id } is named twice.
templates-too-long = A template that is kept has at most { $most } bytes.
templates-name = A name has 1 to { $most } characters, none of them a control character.
model-built-in = Built in, nothing leaves this machine
model-at = { $model } at { $host }
model-url = Has to be an address such as https://api.example.com/v1, of at most { $most } bytes, without sign-in, question mark and fragment.
model-name = A model's name has 1 to { $most } characters.
model-key = A key has 1 to { $most } letters, digits and signs.
model-number = Has to be 1 to { $most }.
model-requests = { $requests ->
    [one] 1 request
   *[other] { $written } requests
}
model-tokens-untold = Tokens not told, in { $requests }
model-tokens = { $tokens } tokens in { $requests }
model-tokens-some = At least { $tokens } tokens in { $requests }, not told of { $untold }
letters-too-many = At most { $most } mails are shown at once.
letters-no-row = There is no such row.
suppress-addresses = Name 1 to { $most } addresses in one request.
suppression-unsubscribed = unsubscribed
suppression-bounced = came back for good
suppression-complained = called a mail spam
suppression-by-hand = put there by hand
bounce-complaint = It was called spam.
bounce-in-time = The recipient's server did not take it in time.
draft-protected = Only of mails that a search finds some can be kept out.
draft-no-rows = This operation takes no rows: pick items, or say what to look for.
draft-rows = This operation takes rows, of each of which it makes an item.
draft-row-bytes = A row brings at most { $most } bytes.
review-unsure = Not sure enough
review-waits = Sure, and waits for you
review-not-reversible = Would not come back exactly
review-failed = Could not be told
review-certainty = Has to be a number.
review-no-class = There is no such class.
review-no-mails = Has to name at least one mail.
review-too-many = Takes { $most } ids at most.
review-proposal = Has to be something to do, or keep.

## unsubscribe

unsubscribe-way-one-click = One request to { $host }
unsubscribe-way-mail = A mail to { $to }
unsubscribe-way-web-page = Only by a web page, which is not opened from here
unsubscribe-way-not-trusted = Not trustworthy: { $why }
unsubscribe-way-cannot-send = By a mail to { $to }, but this account sends none
unsubscribe-way-not-told = Its mails do not say how
unsubscribe-way-spam = Spam: an answer would tell its sender that somebody reads it
distrust-not-checked = your mail server does not vouch for it
distrust-not-covered = no valid signature covers it
distrust-ambiguous = the mail says it twice

## limits and options

options-out-of-range = { $value } is out of range: { $least } to { $most }.
