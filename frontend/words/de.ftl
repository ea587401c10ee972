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

app-drawer-busy = Postfächer und Aufträge, ein Auftrag läuft
app-drawer = Postfächer und Aufträge
app-skip = Zu den Mails springen
app-command-of = { $command } ({ $job })
app-go-to = Zu { $account }
app-who-fills = Wer { $account } füllt
app-rules-of = Regeln von { $account }
app-review-in = Zu prüfen in { $account }
app-mailboxes-of = Postfächer von { $account }
app-send-from = Eine Mail an viele senden von { $account }
app-all-jobs = Alle Aufträge
app-batch = Stapel
app-model = Modell und Datenschutz
app-connect = Konto verbinden
appearance-theme = Farben
appearance-rows = Zeilen
appearance-system = System
appearance-light = Hell
appearance-dark = Dunkel
appearance-tight = Eng
appearance-normal = Normal
appearance-roomy = Weit

## copy

numbers-a-second = { $number } je Sekunde
numbers-a-minute = { $number } je Minute
moments-seconds = { $seconds } s
moments-minutes = { NUMBER($minutes) } min{ $rest ->
    [0] {""}
   *[other] {" "}{ $rest } s
 }
moments-hours = { NUMBER($hours) } Std.{ $rest ->
    [0] {""}
   *[other] {" "}{ $rest } min
 }
moments-days = { NUMBER($days) } T.{ $rest ->
    [0] {""}
   *[other] {" "}{ $rest } Std.
 }
moments-count-seconds = { $count ->
    [one] 1 Sekunde
   *[other] { $count } Sekunden
 }
moments-count-minutes = { $count ->
    [one] 1 Minute
   *[other] { $count } Minuten
 }
moments-count-hours = { $count ->
    [one] 1 Stunde
   *[other] { $count } Stunden
 }
moments-count-days = { $count ->
    [one] 1 Tag
   *[other] { $count } Tage
 }
moments-few-seconds = ein paar Sekunden
moments-about = etwa { $time }
moments-up-to = bis zu { $time }
moments-range = { $least } bis { $most }
moments-today = heute, { $clock }
moments-in-a-moment = gleich
moments-just-now = gerade eben
moments-in-minutes = { $count ->
    [one] in einer Minute
   *[other] in { $count } Minuten
 }
moments-minutes-ago = { $count ->
    [one] vor einer Minute
   *[other] vor { $count } Minuten
 }
moments-in-hours = { $count ->
    [one] in einer Stunde
   *[other] in { $count } Stunden
 }
moments-hours-ago = { $count ->
    [one] vor einer Stunde
   *[other] vor { $count } Stunden
 }
moments-in-days = { $count ->
    [one] in einem Tag
   *[other] in { $count } Tagen
 }
moments-days-ago = { $count ->
    [one] vor einem Tag
   *[other] vor { $count } Tagen
 }
jobs-planning = Wird vorbereitet
jobs-planning-means = Es wird zusammengestellt, was gemeint ist. Nichts wurde angerührt.
jobs-draft = Wartet auf Sie
jobs-draft-means = Noch wurde nichts angerührt.
jobs-checking = Wird geprüft
jobs-checking-means = Es wird geprüft, ob sich seither etwas geändert hat. Nichts wurde angerührt.
jobs-queued = Eingereiht
jobs-queued-means = Bestätigt, beginnt gleich.
jobs-running = Läuft
jobs-running-means = Sie können das schließen, es läuft von selbst weiter.
jobs-paused = Pausiert
jobs-paused-means = Angehalten. Nichts ist verloren.
jobs-cancelling = Wird beendet
jobs-cancelling-means = Was in Arbeit ist, wird erst ordentlich abgeschlossen.
jobs-cancelled = Abgebrochen
jobs-cancelled-means = Es geschieht nichts mehr.
jobs-completed = Fertig
jobs-completed-means = Alles hat sein Ergebnis.
jobs-failed = Fehlgeschlagen
jobs-failed-means = Der Auftrag endete, ohne sein Ziel zu erreichen.
jobs-expired = Verfallen
jobs-expired-means = Er wurde nicht rechtzeitig bestätigt, deshalb wurde nichts angerührt.
jobs-by-user-held = Sie haben ihn angehalten. Nichts ist verloren.
jobs-by-user = Sie haben ihn beendet. { $meaning }
jobs-waiting = Der Server des Kontos hat darum gebeten, bis { $clock } zu warten. Es geht von selbst weiter, kein Versuch wird verbraucht.
jobs-brake = Von selbst angehalten: Zu vieles war fehlgeschlagen.
jobs-stop-on-error = Beim ersten Fehler angehalten, wie seine Optionen es verlangen.
jobs-paused-too-long = Er war zu lange angehalten.
jobs-nothing-succeeded = Nichts davon ging.
jobs-plan-failed = Was gemeint ist, ließ sich nicht zusammenstellen.
jobs-cannot-search = Dieses Konto kann diese Suche nicht beantworten.
jobs-sign-in-needed = Der Server des Kontos hat die Anmeldung abgelehnt. Verbinden Sie das Konto neu und setzen Sie dann fort.
jobs-check-failed = Ob sich seither etwas geändert hat, ließ sich nicht feststellen. Bestätigen Sie noch einmal, um neu nachzusehen.
outcome-succeeded = Erledigt
outcome-failed = Fehlgeschlagen
outcome-skipped = Übersprungen
outcome-cancelled = Nicht begonnen
outcome-uncertain = Ungewiss
selection-by-hand = { $items }, von Hand gewählt
selection-all = alle { $kind }
selection-matching = alle Treffer für „{ $query }“
selection-except = { $all }, außer { $items }
selection-rows = { $count ->
    [one] 1 Zeile
   *[other] { $count } Zeilen
 }
selection-undo = was der Auftrag davor getan hat
selection-retry = was im Auftrag davor fehlschlug
selection-rest = wozu der Auftrag davor nicht kam
selection-proposed = worin der Auftrag davor sicher war
selection-left = was der Auftrag davor übrig ließ
risk-low = Geringes Risiko
risk-medium = Mittleres Risiko
risk-high = Hohes Risiko
title-of-rule = { $rule }: { $order }
title-retry = Noch einmal: { $order }
title-again = Erneut { $order }
title-undo = Rückgängig: { $order }
report-again = { $report } (erneut)
undo = Rückgängig
them = diese
order-of-label = { $items }: { $label }
order-change = { $items } ändern
rule-of-mails = Mails
rule-of-classes = Mails ({ $classes })
rule-sure = zu { NUMBER($percent) } % sicher
rule-from = von { $senders }
rule-older = { $days ->
    [one] älter als 1 Tag
   *[other] älter als { $days } Tage
 }
rule-found-by = gefunden mit { $search }
rule-or = { $some } oder { $another }
rule-by-itself = Von selbst, { $when }: { $what }.
rule-nothing-new = Von selbst, { $when }: nichts Neues.
rule-nothing = Von selbst, { $when }: nichts zu tun.
count-mails = { $count ->
    [one] 1 Mail
   *[other] { $count } Mails
 }
rule-never = Noch nie gelaufen.
rule-runs = Lief { $runs ->
    [one] einmal
   *[other] { $runs }-mal
 }: { $mails ->
    [one] 1 Mail
   *[other] { $mails } Mails
 }.
rule-runs-undone = Lief { $runs ->
    [one] einmal
   *[other] { $runs }-mal
 }: { $mails ->
    [one] 1 Mail
   *[other] { $mails } Mails
 }, { $undone ->
    [one] einmal
   *[other] { $undone }-mal
 } zurückgenommen.
rule-no-match = Nichts zu tun: Keine Mail passt jetzt zu dieser Regel.
rule-looked-in-vain = Nichts zu tun. { $mails ->
    [one] 1 Mail
   *[other] { $mails } Mails
 } angesehen: Sie gehören einer anderen Regel, sind geschützt, nicht sicher genug oder schon erledigt.
rule-looked-of = { NUMBER($looked) } von { $total ->
    [one] 1 Mail
   *[other] { $total } Mails
 } angesehen
rule-looked = { $looked ->
    [one] 1 Mail
   *[other] { $looked } Mails
 } angesehen
rule-full = Ein Lauf nimmt höchstens { $most ->
    [one] 1 Mail
   *[other] { $most } Mails
 }. Für den Rest lassen Sie sie noch einmal laufen.
count-newsletter = { $count ->
    [one] 1 Newsletter
   *[other] { $count } Newsletter
 }
count-promotion = { $count ->
    [one] 1 Werbemail
   *[other] { $count } Werbemails
 }
count-notification = { $count ->
    [one] 1 Benachrichtigung
   *[other] { $count } Benachrichtigungen
 }
count-list-discussion = { $count ->
    [one] 1 Mail aus Diskussionen
   *[other] { $count } Mails aus Diskussionen
 }
count-delivery = { $count ->
    [one] 1 Sendungsmeldung
   *[other] { $count } Sendungsmeldungen
 }
count-receipt = { $count ->
    [one] 1 Beleg
   *[other] { $count } Belege
 }
count-spam = { $count ->
    [one] 1 Spam-Mail
   *[other] { $count } Spam-Mails
 }
advice-archive = { $mails } archivieren
advice-trash = { $mails } in den Papierkorb legen
advice-unsubscribe = { $lists ->
    [one] 1 Liste
   *[other] { $lists } Listen
 } abbestellen
advice-label = { $mails ->
    [one] 1 Mail
   *[other] { $mails } Mails
 } mit „{ $label }“ kennzeichnen
advice-keep = { $people ->
    [one] 1 Person
   *[other] { $people } Personen
 } im Posteingang lassen
advice-trash-instead = Stattdessen in den Papierkorb …
advice-archive-instead = Stattdessen archivieren …
advice-and-more = { $names } und { NUMBER($others) } weitere
advice-sum = { $suggestions ->
    [one] 1 Vorschlag
   *[other] { $suggestions } Vorschläge
 }.
advice-sum-hides = { $suggestions ->
    [one] 1 Vorschlag nähme
   *[other] { $suggestions } Vorschläge nähmen
 } { $mails ->
    [one] 1 Mail
   *[other] { $mails } Mails
 } aus dem Posteingang.
advice-stays = Bleibt im Posteingang, was auch vorgeschlagen wird
advice-archived = Wie vorgeschlagen archiviert
advice-trashed = Wie vorgeschlagen in den Papierkorb gelegt
advice-unsubscribed = Wie vorgeschlagen abbestellt
advice-labelled = Wie vorgeschlagen gekennzeichnet
advice-kept = Behalten
advice-left-out = Ausgelassen, als andere angenommen wurden
advice-not-archived = Nicht zu archivieren
advice-not-trashed = Nicht in den Papierkorb
advice-not-unsubscribed = Nicht abzubestellen
advice-not-labelled = Nicht zu kennzeichnen
advice-not-kept = Bleibt nicht ausdrücklich
advice-undone = Angenommen und zurückgenommen
advice-habit = { NUMBER($away) } von den letzten { $mails ->
    [one] 1 Mail
   *[other] { $mails } Mails
 } sind schon aus dem Posteingang, deshalb wird es für die anderen vorgeschlagen.
leaning-archiving = Archivieren
leaning-trashing = In den Papierkorb legen
leaning-unsubscribing = Abbestellen
leaning-labelling = Kennzeichnen
leaning-keeping = Behalten
leaning-nothing = das ändert nichts
leaning-surer = die nächsten sind also sicherer: aus 80 % werden { NUMBER($percent) } %
leaning-less = die nächsten sind also weniger sicher: aus 80 % werden { NUMBER($percent) } %
leaning = { $doing }, Klasse „{ $class }“: { NUMBER($accepted) } angenommen, { NUMBER($dismissed) } verworfen, { NUMBER($undone) } zurückgenommen, { $so }.

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
