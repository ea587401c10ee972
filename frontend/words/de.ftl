### Was die App sagt, auf Deutsch. Die Wörter sind in `shared/words/de.ftl` festgelegt.

## common

close = Schließen
loading = Wird geladen
reload = Neu laden
try-again = Noch einmal versuchen

## components/undo_bar

undo-bar-looking = Es wird geprüft, was zurückkann …
undo-bar-under-way = { $title } …
undo-bar-stopped = Angehalten: { $done }
undo-bar-missed = { $done }, { $missed ->
    [one] eine ging nicht und bleibt, wie sie war
   *[other] { $missed } gingen nicht und bleiben, wie sie waren
 }

## app

appearance-theme = Farben
appearance-rows = Zeilen
appearance-system = System
appearance-light = Hell
appearance-dark = Dunkel
appearance-tight = Eng
appearance-normal = Normal
appearance-roomy = Weit

## copy

## hooks

## components/account_menu

account-menu-language = Sprache
account-menu-signed-in = Angemeldet
account-menu-signed-in-as = Angemeldet als { $person }
account-menu-by-token = Angemeldet mit dem Token dieses Servers
account-menu-of = { $person }: Kontomenü
account-menu-model = Modell und Datenschutz
account-menu-sign-out = Abmelden
account-menu-signing-out = Wird abgemeldet …

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
