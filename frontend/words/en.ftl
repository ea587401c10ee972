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

appearance-theme = Theme
appearance-rows = Rows
appearance-system = System
appearance-light = Light
appearance-dark = Dark
appearance-tight = Tight
appearance-normal = Normal
appearance-roomy = Roomy

## copy

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
