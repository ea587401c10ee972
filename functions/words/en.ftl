### What servers say to people, in English: as their code says it, letter for letter. `de.ftl` says the same in German.
###
### Nobody calls these: the app reads a sentence of a server and looks for the message that it was made of. A value named
### `what`, `class`, `items`, `mails`, `lists` or `everything` is such a message itself (`what-verb` is another one of the same
### sentence), `why` is one or another server's words, and any other is shown as it is. Where two fit, the first one counts.

## counts, in other sentences

count = { NUMBER($count) } { $what }

## what a mail is about

because-three = Because { $why }, { $why-next } and { $why-last }.
because-two = Because { $why } and { $why-last }.
because = Because { $why }.
signal-no-words = there are no words in it
signal-word = it says “{ $word }”
signal-list = it names a mailing list
signal-list-post = the list takes answers
signal-unsubscribe = it can be unsubscribed from
signal-one-click = it can be unsubscribed from with one click
signal-bulk = its header says that it goes to many
signal-automatic = its header says that a machine wrote it
signal-no-reply = its sender takes no answers
signal-role = its sender is an office, not a person
signal-calendar = it brings a calendar entry
signal-file = it has a file
signal-document = it has a PDF file
signal-answer = it answers another mail
signal-many = it goes to several people
signal-no-recipient = it names no recipient
signal-reply-to = answers go to another domain than its sender's
signal-markup = it is a designed page without a plain text
signal-links = it is full of links
signal-campaign = its header names a campaign
signal-loud = its subject shouts
signal-asks = it asks a question
signal-amount = it names an amount of money
signal-short = it is short
signal-report = it is a report about a mail
signal-no-name = its sender has no name
model-certain = { $model } is certain.
model-likely = { $model } finds it likely.
model-guesses = { $model } guesses.
said-by-hand = You said so.
found-unreadable = What was found of it cannot be read any more.
found-unreadable-now = What was found of it cannot be read.
stored-unreadable = What was stored of it cannot be read.
became-unreadable = What became of it cannot be read.
not-looked-at = not looked at

## previews

risk-final = This cannot be undone.
risk-inexact = Undo is not exact on this server.
risk-nothing = Nothing in the account is changed.
risk-very-many = Very many { $items } change at once.
risk-everything = The search is empty, so this is { $everything }.
risk-exact = It can be undone exactly.
risk-shared = Other people see the folder “{ $folder }” too: this changes it for them as well.
risk-left-out = { NUMBER($count) } more { $what } { $count ->
    [one] is
   *[other] are
 } left out and will stay as is: { $why }.
risk-damaged = our records of what was done are damaged
risk-missing = our records of what was done are missing
risk-newer = a later version of Bulkhead recorded what was done, and this one cannot read it
risk-suppressed = { $what } left out: { $what-whose } on your list of those who get no mail.
risk-one-row = 1 row is
risk-rows = { NUMBER($rows) } rows are
risk-its-address = its address is
risk-their-addresses = their addresses are
risk-unanswered = The answer about { $items } never came: { $what }.
risk-looks-done = it looks as the job would have left it, and is taken back too
risk-look-done = they look as the job would have left them, and are taken back too
risk-looks-other = it does not look as the job would have left it, and stays as it is
risk-look-other = they do not look as the job would have left them, and stay as they are
model-no-writer = You have chosen no model, or not agreed that it is sent mails of this account: see Model and privacy.
model-no-yes = You have not agreed that mails of this account are sent to { $model }.
model-other-since = You chose another model since, or took your yes back: nothing would be sent, and no mail classified. Begin again.

## what an account can do

note-found-kept = The mailbox is not touched; what is found is kept with the job.
note-sandbox-list = A list that was asked cannot be called back. This one is made up: nobody is asked, and it says yes.
note-file-apart = The mailbox is not touched; the file is kept apart.
note-folder = Every mail goes back to the folder it came from. Mails that somebody has changed since stay.
note-drafts = Undo moves each draft into the trash. What somebody has changed since stays.
note-marks = Every mail gets back the marks and labels it had. Mails that somebody has changed since stay.
note-contacts = Every contact is again what it was, to the byte. Contacts that somebody has changed since stay.
note-contacts-sent = What was sent cannot be taken back.
note-contacts-read = The contacts are read and left as they are.
note-contacts-file = The contacts are not touched; the file is kept apart.
note-mailboxes-file = The mailboxes are not touched; the file is kept apart.
note-mailboxes-read = The mailboxes are read and left as they are.
note-sending = A mail that went out cannot be called back. Until the hold ends, all of it can be stopped; afterwards whatever has not begun.
note-changed = what somebody changed since stays as it is
note-no-keywords = this server keeps no keywords, so a change by somebody else in the same moment may be missed
note-no-numbers = this server keeps no change numbers, so a change by somebody else in the same moment may be missed
note-imap-drafts = Undo moves each draft into the trash, unless it was edited or sent; { $what }.
note-imap-moves = Undo moves the mails back with their flags and labels; { $what }.
note-imap-labels = Labels are IMAP keywords; many mail programs do not show them. Undo puts back what was there; { $what }.
note-imap-marks = Undo marks only what this job marked; { $what }.
note-list-asked = A list that was asked cannot be called back. Nothing is changed in the mailbox.
note-not-even-read = Nothing is changed in the mailbox, not even what counts as read.
note-cyrus-recover = Every mailbox is deleted again under the name it had, with the time of its first deletion: how long it is kept does not begin anew. Mail that came since goes along. Cyrus has no place for names and departments: what the rows say of them is noted where only administrators see it.
note-cyrus-restore = Exactly what was copied is taken out again, and mail that it replaced comes back from the owner's trash. Mail that came since stays.
note-sandbox-recover = Every mailbox is inactive again, with all mail that came since; it is kept for thirty days from then on, not from its first deletion.
note-sandbox-restore = Exactly what was copied is taken out again, and what it replaced is put back. Mail that came since stays.
note-exchange-recover = A mailbox is made inactive again only while a hold or a retention policy keeps it; its person is deleted. One that nothing keeps stays as it is, because it would be gone after thirty days.
note-exchange-restore = Exchange has no command that takes out again what a restore copied. A folder of its own (target_folder) keeps it apart from everything else.

## jobs

job-not-ended = The job has not ended yet.
job-stop-first = The job has not ended yet; stop it first.
job-no-folder = This job names no folder to be made.
job-proposed = What a job proposes is not asked for like this.
job-not-undoable = What this job did cannot be undone.
job-changed-nothing = This job changed nothing, so there is nothing to undo.
job-undo-over = The time for undoing this job has passed.
job-nothing-failed = Nothing failed in this job.
job-failed-left = What failed in this job is left as it is.
job-left-nothing = This job left nothing out.
job-nothing-to-do = There is nothing to do about this one.
job-unable = This account cannot do that.
job-of-a-job = Is made from a job only.
job-changed-now = The job changed in this moment; look again.
job-only-drafts = Only a draft can be discarded; a job is cancelled.
job-no-export = This job is no export.
job-export-runs = The export has not ended yet.
job-no-such-item = There is no such { $what } (any more); refresh the list.
job-no-such-reason = Nothing in this job failed for this reason.
job-mail-sent-again-now = This mail is being sent again; discard that draft first.
job-mail-arrived = You said that this mail arrived.
job-mail-sent-again = This mail was sent again already.
job-mail-known = It is known what became of this mail.
job-mail-none = No such mail of this job may have arrived or not.
job-only-mails = Only mails are sent again one by one.
job-freezing = The selection is still being frozen.
job-no-mails-sent = This job has sent no mails.
job-same-item = It makes the same item as row { $row }.
job-all-suppressed = All of them are on this account's list of those who get no mail.

## accounts

account-no-folder = There is no folder of this name in the account.
account-has-no = This account has no { $what }.
account-no-rows = This account makes nothing of rows.
account-no-book = There is no such address book.
account-no-book-to-make = There is no such address book, or nothing can be made in it.
account-no-rule = This directory cannot restore by this rule; it can by { $rules }.
account-no-page = This page cannot be found.
account-brought = Recipients are brought, not searched.
account-sends-nothing = This account sends nothing.
account-cannot-send = Nothing can be sent from this account.
account-no-drafts = This account keeps no drafts.
account-asks-nothing = Nothing is asked from this account.
account-sends-as = This account sends by { $server }, and only as { $user }.
account-name-long = A name has 1 to { NUMBER($most) } characters.
account-port = 0 is out of range: 1 to 65535.
account-range = It is out of range: { $least } to { $most }.
account-characters = Has to have 1 to { NUMBER($most) } characters, none of them a control character.
account-pem = Has to be a text in PEM of at most { NUMBER($most) } characters.
account-address = Has to be an address such as ann@example.com, of at most { NUMBER($most) } bytes.
account-simulated = A simulated mailbox with { NUMBER($mails) } mails in { NUMBER($folders) } folders.
account-simulated-book = A simulated address book with { NUMBER($contacts) } contacts.
account-simulated-directory = A simulated directory of { NUMBER($all) } mailboxes, { NUMBER($inactive) } of them inactive.
account-signed-in = Signed in; { NUMBER($folders) } folders.
account-administrator = Signed in as an administrator; { NUMBER($active) } mailboxes in use, { NUMBER($inactive) } deleted.
account-application = Signed in as the application; { NUMBER($inactive) } inactive mailboxes.
account-out-of-range = { $value } is out of range: 0 to 100.
account-sandbox-dials = Only the sandbox has dials.
account-sandbox-files = Only the sandbox takes files of mail.

## requests

request-hash = The hash is not that of this draft; look at its preview again.
request-drifted = Look at what changed, then confirm with the drift's hash as drift_hash.
request-many-open = { NUMBER($most) } of your jobs are open already, or as many drafts; cancel, discard or wait for some.
request-many-tries = { NUMBER($most) } connections may be tried in an hour; try again in { NUMBER($minutes) } min.
request-many-waiting = { NUMBER($most) } of your requests wait for a mail server already; this one was not begun.
request-sealed = The stored credentials can no longer be opened; connect the account again.
request-newer = A later version of Bulkhead stored this; this one cannot read it.
request-throttled = The mail server asks to wait.
request-state = The job is { $what }: it cannot be { $what-verb }.
request-file-broke-off = The file broke off.
request-import-broke-off = The file broke off; nothing was taken in.
request-import-large = A file has at most 2 GiB here. A larger one comes in by the command line: bulkhead --mail FILE.
workbook-large = The sheet has more than { NUMBER($rows) } rows or { NUMBER($columns) } columns; divide it.
workbook-unreadable = The workbook cannot be read ({ $why }); save its sheet as “CSV UTF-8”.
workbook-empty = The workbook has no rows.
request-workbook-large = A workbook has at most 10 MiB.
request-files-many = At most { NUMBER($most) } files in one request.
request-files-large = Files have at most { NUMBER($most) } MB in one request.
request-at-most = At most { $number } { $what }.
request-ids = ids in one request; use a query for more
request-rows = rows in one request
request-body-large = A body has at most { NUMBER($most) } bytes.
request-host = This server does not answer to that host name.
request-sign-in = This sign-in address was used already, is too old, or is of another start. Paste the token from the file “token” in the server’s data folder, or start the server again.
state-verb-planned = planned
state-verb-confirmed = confirmed
state-verb-started = started
state-paused = paused
state-cancelled = cancelled
state-finished = finished
state-completed = completed
state-expired = expired
state-running = running
state-planning = planning
state-draft = draft
state-failed = failed

## suggestions

advice-gone = This suggestion is no longer there; look at the new ones.
advice-accepted = This suggestion was accepted already.
advice-nothing-left = Nothing is left of the suggestion.
advice-instead = Only archive and trash can stand in for each other.
advice-none-part = None of these is part of the suggestion.
advice-headers = The headers could not be read.
advice-answered = You answer them, or read nearly all that they write.
advice-all-lists = All of it is list mail.
advice-some-lists = List mail from { NUMBER($lists) } of { NUMBER($all) }.
advice-read = You read { NUMBER($read) } of { NUMBER($all) }.
advice-looked = Of { NUMBER($looked) } that were looked at, { NUMBER($those) } are of the class “{ $class }”.
advice-asked-once = Each list is asked once. The mails that are there stay.
advice-stars-stay = Mails with a star stay, and so does everybody you ever answered.
advice-older = Only what has been there for a month.
advice-forgotten = Only what came more than a year ago and was never opened.
advice-not-forgotten = Only what has been there for a month, and not what nobody opened in a year.
advice-wherever = Wherever the mails are.
advice-looked-at = { NUMBER($those) } of { NUMBER($looked) } that were looked at are
advice-none-read = list mail, you read none of { NUMBER($all) }
advice-what-unopened = { $what }, { NUMBER($count) } not opened in a year
advice-what-away = { $what }, { NUMBER($away) } of its last { NUMBER($recent) } are out of the inbox already
advice-what-read = { $what }, you read { NUMBER($read) } of { NUMBER($all) }
advice-list-mail = list mail
advice-by-machine = written by a machine
advice-nobody-waits = nothing that anybody waits for
advice-you-read = you read { NUMBER($read) } of { NUMBER($all) }
advice-you-starred = you starred { NUMBER($starred) } of { NUMBER($all) }
advice-you-answered = you answered { NUMBER($answered) } of { NUMBER($all) }
broke-down-mailbox = Looking through the mailbox broke down again and again.
broke-down-headers = Reading the headers broke down again and again.
broke-down-reports = Looking for reports broke down again and again.
reports-unsearchable = Reports cannot be searched for: { $why }
reports-first = Only the first { NUMBER($most) } reports were read.

## review

review-no-text = The job that looked at these mails was given nothing for replies to say.

## rules

rule-inexact = This account cannot bring these mails back exactly as they were.
rule-risky = What it would do is more than goes without a look.
rule-drifted = Something changed between the look and the confirmation.
rule-too-many = It has { NUMBER($mails) } mails, more than the { NUMBER($most) } that the rule takes without asking.
rule-old = Run the rule first: there is no look for it, or it is over an hour old.
rule-off = This rule is switched off, has paused itself, or was changed since it was run.
rule-nothing = There is nothing to do for this rule.
rule-only-on = Only a rule that is switched on can run. Test it, and switch it on.
rule-paused = This rule has paused itself, because three of its runs were taken back. Look at what it says, and switch it on again.
rule-other-looks = The mailbox is being looked through for another rule. Wait until that has ended.
rule-gone = This rule is no longer there.
rule-changed = The rule was changed meanwhile. Look again.
rule-search = The rule's search cannot be read.
rules-changed = The rules were changed meanwhile. Look at them as they are now.
rules-most = An account has at most { NUMBER($most) } rules.
rules-no-zone = There is no such time zone.
rules-twice = It is named twice.
rules-no-such = There is no such rule; leave it out for a new one.
rules-test-first = Test it first, exactly as it stands here: what was never tested cannot be switched on.
rules-drifted = Something changed since it was drafted. Look at what it is about now.
protected-star = it has a star
protected-answered = it was answered
protected-label = it has a label
protected-contact = the sender is in the contacts
protected-sender = the sender was answered before
unknown-deleted = Mails that were deleted for good are not there to be counted.
unknown-by-whom = Whether you did it, another program or a job of yours: a mailbox does not tell.
unknown-words = How mails were when they came is not kept, so “{ $words }” of its search was left out: it may have touched fewer.
unknown-more = It finds 10,000 mails or more; those beyond were not looked at.
unknown-untold = Of { NUMBER($mails) } mails nobody could tell what they are about; the rule leaves them alone.
unknown-unsearched = Something could not be searched, and is not counted.
unknown-answered = Whom you ever answered is known once the page Senders was opened; until then only answered mails are protected, and not their senders.
unknown-before = Rules before it are not taken into account; when it runs, they are.

## templates, files, addresses

template-changed = The template changed in this moment; look again.
template-none = No template of this name is kept.
template-no-text = This template has no plain text.
template-long = The text of this template has more than { NUMBER($most) } bytes.
template-versions = It has { NUMBER($most) } versions, which is as many as are kept: keep it under another name.
template-many = { NUMBER($most) } templates are kept already: forget one first.
template-multiplies = Line { $line }: a template multiplies nothing.
template-tag = Line { $line }: a template has no tag “{ $tag }”; it can have if, elif, else and endif.
reply-says = { $why } A reply can say { $words } of a mail.
letter-no-recipient = This is no recipient.
letter-large = The mail comes out larger than 10 MB.
letter-same-column = A template cannot tell it from “{ $other }”: rename one of them.
letter-domain = What stands behind the @ is no domain that the DNS can hold.
letter-same-address = The same address as in row { $row }: each gets one mail.
letter-subject-empty = The subject comes out empty.
letter-subject-control = The subject comes out with a line break or another control character.
letter-subject-long = The subject comes out longer than 900 bytes.
letter-text-empty = The text comes out empty.
letter-no-column = No column is called “{ $name }”.
letter-cell-empty = The cell is empty, and nothing stands in for it.
suppressed-full = The list has { NUMBER($addresses) } addresses, and room for { NUMBER($most) }.
suppressed-address = Has to be an address.
file-empty = It is empty.
file-large = A file has at most { NUMBER($most) } MB.
file-gone = “{ $name }” is not kept for this account, or not long enough: upload it again.
file-room = { NUMBER($most) } MB of files are kept for an account's mails, each for { NUMBER($days) } days; there is room for { NUMBER($left) } MB now.
model-other-now = Another model is chosen now; look again at what is sent where.
model-settings-changed = The settings changed in this moment; look again.
model-no-server = This is no address of a web server.
model-encryption = Without encryption only a model on this machine itself is asked.
model-public = Only models on the public internet are asked, with encryption and at the usual ports.
model-silent = the model does not answer

## servers that do not answer as hoped

server-unreachable = the provider cannot be reached: { $why }
server-waits = the provider asks to wait
server-no-sign-in = the provider refuses the sign-in
server-refuses = the provider refuses: { $why }
server-no-host = there is no server of this name, or it cannot be looked up now
server-no-name = there is no server of this name
server-broke = the connection broke: { $why }
server-silent = the server does not answer
server-closed = the server closed the connection
server-senseless = the server's answer makes no sense
server-not-understood = the server's answer is not understood: { $why }
server-early = the server answered before it was asked completely; it may not know text of this kind
server-too-much = the server's answer is too large; a narrower search, in one folder or time, may help
server-answered = the server answered { $code }
server-later = it asks to come back later
server-says = It says “{ $words }”.
server-administrator = it asks to contact its administrator
server-in-the-middle = it refused in the middle
server-at-work = it is still at work on what was sent before
server-token-check = it cannot check the token for now
server-folder-replaced = a folder was replaced while it was read
why-port = nothing answers at this port
why-no-way = there is no way to the server from here
why-no-way-to-it = there is no way to it from here
why-long = it took too long
why-cut-off = it was cut off
why-tls = the server does not speak TLS as we do; another port or kind of encryption may be right
why-untrusted = the server's certificate is signed by nobody who is trusted here
why-expired = the server's certificate has expired
why-other-name = the server's certificate is for another name
why-invalid = the server's certificate is not valid
why-not-trusted = its certificate is not trusted
why-no-encryption = encryption could not be set up
why-no-place = this is not a place we go to
why-lost = the answer was lost
why-over = the call was over
imap-name = The mail server's name is no valid host name.
imap-ports = Mailboxes are reached only at the ports 993 and 143.
smtp-ports = Servers that send mails are reached only at the ports 465 and 587.
imap-plain = Without encryption a mail server is reached only on this machine itself; choose TLS or STARTTLS.
imap-encrypted = Mail servers are reached only with encryption; choose TLS or STARTTLS.
imap-not-public = This mail server is not on the public internet.
imap-no-tokens = This mail server takes no tokens (OAuth), only a password.
imap-no-password = This mail server takes no password on this kind of connection; it may take a consent (OAuth).
imap-ascii = This mail server searches only for text in plain ASCII.
imap-search = This mail server does not understand the search.
imap-label = An IMAP server cannot store the label “{ $label }”: labels there are one word of plain letters and signs.
imap-no-labels = This mail server takes no new labels.
imap-refused-label-said = The mail server does not take the label “{ $label }”: “{ $words }”.
imap-refused-label = The mail server does not take the label “{ $label }”.
imap-no-folder = There is no folder “{ $folder }”, and the mail server does not let us make it.
imap-no-deleted = This server does not show deleted mailboxes to administrators by IMAP; Cyrus from version 3.2 on does.
imap-no-administrator = This user is no administrator of the mail system; Cyrus names its own in the setting `admins`.
imap-comment = This mailbox has a comment of somebody else where what is done is noted; take it away first.
oauth-scope = The consent does not cover mail; give it again, for reading, changing and sending mail.
oauth-hour = The consent ends within the hour: the provider gave nothing to renew it with.
oauth-place = Tokens are not asked for there: the address begins with https:// and is on the public internet.
oauth-unknown = This server is not known as a program to whoever keeps this mailbox; connect it in another way.
oauth-none = no token was given out
oauth-not-now = whoever gives out tokens cannot for now
oauth-said = whoever gives out tokens: { $why }
oauth-senseless = the answer of whoever gives out tokens makes no sense
smtp-tls = The mail server does not encrypt the connection; choose TLS.
smtp-no-tokens = The server for outgoing mail takes no tokens (OAuth), only a password.
smtp-silent = the server for outgoing mail does not answer
smtp-senseless = the server for outgoing mail answers what makes no sense
smtp-off = Sending by a mail program is switched off for this mailbox: whoever administers it can allow authenticated SMTP.
smtp-nothing = the server for outgoing mail takes nothing now
dav-found = { NUMBER($books) } address { $books ->
    [one] book
   *[other] books
 } with { NUMBER($cards) } { $what }.
dav-no-book = This account has no address book on that server.
dav-none = There is no CardDAV server at this address.
dav-no-book-here = There is no address book at this address.
dav-elsewhere = This server sends us on to somewhere we do not go.
dav-card-address = A card in this address book has an address that we cannot keep.
dav-book-address = This address book's own address is too long.
dav-no-address = This is no web address.
dav-https = An address book's address begins with https://.
dav-no-secrets = Name and password do not belong into the address.
dav-unsendable = Name or password cannot be sent.
dav-ports = Servers of contacts are reached only at the ports 443 and 8443.
dav-only-https = Servers are reached only with https.
dav-not-public = This server is not on the public internet.
dav-plain = Without https a server is reached only on this machine itself.
exchange-certificate = This is no certificate in PEM: it begins with -----BEGIN CERTIFICATE-----.
exchange-key = This is no private key in PEM (PKCS #8): it begins with -----BEGIN PRIVATE KEY-----.
exchange-rsa = The private key is no RSA key of 2,048 bits or more, which Entra asks for.
exchange-tenant = The organisation is named by its id or by a domain, such as contoso.onmicrosoft.com.
exchange-tenant-short = The organisation is named by its id or by a domain.
exchange-place = This is not a place we go to.
exchange-not-now = Entra cannot for now
exchange-answered = Entra answered { $code }
exchange-senseless = Entra's answer is not understood
exchange-unreachable = Exchange cannot be reached
exchange-silent = Exchange did not answer
exchange-not-understood = Exchange's answer is not understood
exchange-broke-off = Exchange's answer broke off
exchange-broke-down = Exchange broke down

## what is to be known of a provider

provider-gmail = Google takes an app password (myaccount.google.com/apppasswords, needs 2-step verification) or a consent, never your usual password.
provider-gmail-labels = Labels look like folders there: moving a mail changes its labels, and “All Mail” holds every mail once more, so it is left out of searches.
provider-gmail-trash = Mails in the trash are deleted by Google after 30 days.
provider-microsoft = Microsoft takes no password here, only a consent (OAuth) with the permission IMAP.AccessAsUser.All.
provider-no-numbers = This server keeps no change numbers, so a change by somebody else in the same moment may be missed.
provider-app-password = { $name } takes an app password ({ $where }), never your usual password.
provider-app-password-plain = { $name } takes an app password, never your usual password.
provider-specific-password = Apple takes an app-specific password (account.apple.com), never your usual password.
provider-before-at = If your address is refused as user, try the part before the @.
provider-switch-two-factor = { $name } lets mail programs in only once that is switched on: Settings, POP3/IMAP. With two-factor sign-in it takes an app password.
provider-switch = { $name } lets mail programs in only once that is switched on: { $where }.
provider-switch-settings = { $name } lets mail programs in only once that is switched on in its settings.
provider-code = { $name } takes an authorisation code ({ $where }), never your usual password.
provider-telekom = Telekom takes a password for mail programs of its own (Customer Centre, Services & Passwords), never your usual password.
provider-yandex = Yandex takes an app password, once mail programs are switched on in its settings.
provider-mailru = Mail.ru takes a password for external applications, never your usual password.
provider-proton = Proton is reached only through its Bridge on your own machine: name the server 127.0.0.1 and the port and password that the Bridge shows.
provider-tuta = Tuta lets no other mail programs in: it has no IMAP.

## files of mail

import-form = Recognised { NUMBER($count) } { $what }, first in { $what-place }.
import-label = The label “{ $label }” is kept as “{ $kept }”.
import-faults = Left out { NUMBER($count) }: { $what }.
import-fault = Left out { $what-place }: { $what }.
import-more = Left out { NUMBER($count) } more, counted above.
import-place-whole = all of the file
import-place-message = message { NUMBER($number) } at byte { $offset }
import-place-within = file { $file }, { $what }
import-place-file = file { $file }
import-mbox = messages of an mbox file
import-maildir = messages of a Maildir
import-files = files of a single message
import-apple-files = files of a single message by Apple Mail
import-lf = files with lines that end in LF
import-crlf = files with lines that end in CRLF
import-cr = files with lines that end in CR alone, read as LF
import-bom = files with a byte order mark, left out
import-dated = separators of a sender and a date
import-word = separators of one word alone
import-tight = separators without an empty line before them
import-from = lines that begin with “From ” and were taken for text
import-quoted = lines quoted with >, and that sign taken off
import-length = messages as long as their Content-Length says
import-wrong-length = messages whose Content-Length is wrong, and was not used
import-no-header = messages without a header, kept as text
import-thunderbird = states as Thunderbird keeps them
import-status = states in Status and X-Status
import-kmail = states as KMail keeps them
import-evolution = states as Evolution keeps them
import-maildir-states = states in names of files
import-apple-apart = messages whose attachments Apple Mail keeps apart, and that came in without them
import-apple-states = states as Apple Mail keeps them
import-gmail = labels of Gmail
import-keywords = labels in X-Keywords or X-Label
import-dovecot = labels as Dovecot keeps them
import-unnamed = letters for labels whose names are missing, left out
import-beside = files that programs keep beside mails, passed over
import-is-empty = is empty
import-is-headless = has no header that can be read
import-is-large = is larger than 64 MB
import-is-no-mbox = does not begin with a From line: this is no mbox file
import-is-no-mail = is no file of mails
import-is-deleted = was deleted already, and only not tidied up
import-is-note = is a note of the mail server to itself
import-is-undelivered = was never delivered whole
import-is-cut-off = is cut off
import-is-locked = is locked with a password
import-is-outlook = is a file of Outlook, which only Outlook reads; save it as mbox or .eml
import-is-nested = is an archive inside an archive; unpack it first
import-is-other-archive = is an archive of another kind than zip; unpack it first
import-is-damaged = is an archive that is damaged or not whole
import-is-bomb = unpacks to more than any mail would; it may be made to fill the disk
import-is-odd = is packed in a way that is not read here; pack it anew
