### Was die App sagt, auf Deutsch. Die Wörter sind in `shared/words/de.ftl` festgelegt.

## common

and-more = und noch { NUMBER($more) }
asks-more = { $doing } …
back = Zurück
cancel = Abbrechen
close = Schließen
done = Fertig
file-unreadable = Die Datei lässt sich nicht lesen.
load-more = Mehr laden
loading = Wird geladen
next = Weiter
preview = Vorschau
previous = Zurück
refresh = Aktualisieren
refresh-key = Aktualisieren (r)
close-esc = Schließen (Esc)
percent = { NUMBER($percent) } %
quoted = „{ $text }“
reload = Neu laden
these-and = { $these } und { $one }
dismiss = Verwerfen
save = Speichern
show = Anzeigen
try-again = Noch einmal versuchen
mails-of = { $who }: { $mails ->
    [one] { $mails } Mail
   *[other] { $mails } Mails
 }
percent-sure = { NUMBER($percent) } % sicher
looked-through = Durchgesehen
not-looked-through = Das Postfach ließ sich nicht durchsehen.

## components/undo_bar

undo-bar-looking = Es wird geprüft, was zurückkann …
undo-bar-under-way = { $title } …
undo-bar-stopped = Abgebrochen: { $done }
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

tab-mark-held = Angehalten bei { NUMBER($percent) } %
tab-mark-done = Fertig

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

bar-done = { NUMBER($done) } von { NUMBER($total) } fertig
bar-of = { NUMBER($done) } von { NUMBER($total) }
bar-succeeded = { NUMBER($items) } erledigt
bar-failed = { NUMBER($items) } fehlgeschlagen

## components/connect_fields

connect-fields-kind = Art des Kontos
connect-fields-imap = IMAP-Postfach
connect-fields-dav = CardDAV-Kontakte
connect-fields-cyrus = Cyrus-Postfächer
connect-fields-exchange = Exchange-Postfächer
connect-fields-sandbox = Sandbox
connect-fields-sandbox-is = Ein simuliertes Postfach und Adressbuch dieses Servers: Hier können Sie alles ausprobieren und nichts kaputt machen.
connect-fields-cyrus-is = Alle Postfächer eines Cyrus-Mailsystems, auch gelöschte: Melden Sie sich als Administrator an.
connect-fields-name = Name (freiwillig)
connect-fields-name-hint = Arbeit
connect-fields-user = Adresse oder Benutzer
connect-fields-mail-server = Mailserver
connect-fields-dav-server = Server oder Adresse
connect-fields-port = Port
connect-fields-protection = Verschlüsselung
connect-fields-unprotected = Keine (nur auf diesem Rechner)
connect-fields-sending-server = Server zum Senden (falls Sie Mails senden wollen)
connect-fields-sending-port = Sein Port
connect-fields-way = Art der Anmeldung
connect-fields-password = Passwort
connect-fields-consent = Zustimmung (OAuth)
connect-fields-sealed = Ihre Zugangsdaten bleiben versiegelt auf dem Server und werden nie wieder angezeigt. Anbieter mit Anmeldung in zwei Schritten verlangen ein App-Passwort.
connect-fields-leaves = Sie stimmen auf der Seite Ihres Anbieters zu und kommen dann hierher zurück. Dort können Sie die Zustimmung jederzeit widerrufen.
connect-fields-bring = Dieser Server ist bei dem Anbieter nicht registriert, deshalb müssen Sie die Zustimmung mitbringen. Wer den Server betreibt, kann ihn einmal registrieren; wie, steht in seinem README.
connect-fields-token-endpoint = Token-Endpunkt
connect-fields-client-id = Client-ID
connect-fields-client-secret = Client-Secret (falls vorhanden)
connect-fields-refresh-token = Refresh-Token
connect-fields-untried = Dies entstand nach Microsofts öffentlicher Dokumentation und lief noch nie mit einer echten Organisation. Probieren Sie es mit einer, bei der Fehler nicht schaden.
connect-fields-organisation = Organisation
connect-fields-application = ID der Anwendung
connect-fields-certificate = Zertifikat (PEM)
connect-fields-private-key = Privater Schlüssel (PEM, RSA)
connect-fields-permission = Die Anwendung braucht die Berechtigung Exchange.ManageAsApp und eine Rolle, die Empfänger verwalten darf. Der Schlüssel bleibt versiegelt auf dem Server und wird nie wieder angezeigt.

## components/contact_row

## components/dialog

## components/dials

dials-rehearse = Störungen proben
dials-intro = Dieses Postfach ist simuliert. Lassen Sie es Fehler machen, starten Sie einen Auftrag und sehen Sie, dass nichts verloren geht.
dials-more = Mehr
dials-latency = Millisekunden je Aufruf
dials-per-minute = Mails pro Minute (0: unbegrenzt)
dials-fail = Prozent, die endgültig scheitern
dials-flaky = Prozent, die zunächst scheitern
dials-throttle-calls = Nächste Aufrufe, die warten sollen
dials-throttle-seconds = … so viele Sekunden lang
dials-lose = Nächste Antworten, die verloren gehen
dials-crash = Stecker ziehen
dials-crash-never = Nie
dials-crash-before = Vor einer Änderung
dials-crash-half = Mittendrin
dials-crash-after = Vor der Antwort
dials-calm = Keine Störungen
dials-set = Übernehmen
dials-fast = Schnell
dials-fast-is = Antwortet sofort und tut, was verlangt wird.
dials-slow = Langsam und gedrosselt
dials-slow-is = Eine halbe Sekunde je Aufruf, 600 Mails pro Minute und ab und zu die Bitte zu warten.
dials-breaking = Gestört
dials-breaking-is = Manches scheitert endgültig, manches zunächst, und Antworten gehen verloren.

## components/drafting

drafting-preparing = Wird vorbereitet
drafting-untouched = Die Vorschau wird vorbereitet. Nichts wurde angerührt.

## components/drafts

drafts = Entwürfe
drafts-are = Diesen hat noch niemand zugestimmt, und nichts davon ist getan.
drafts-until = bis { $until }
drafts-discard = Verwerfen

## components/found_note

found-note-by-domain = Die Domain der Adresse nennt diesen Server.
found-note-unknown = Der Mailserver dieser Adresse ist nicht bekannt: Bitte nennen Sie ihn.

## components/help

help-keyboard = Tastatur
help-next = { $item }: weiter / zurück
help-first = { $item }: ganz oben / ganz unten
help-tick = { $item } auswählen
help-read = Mail lesen
help-tick-range = Alles ab der letzten Auswahl auswählen
help-tick-along = Im Vorbeigehen auswählen
help-tick-all = Alle Treffer auswählen
help-undo = Letzte Aktion rückgängig machen
help-search = Suchen
help-refresh = Aktualisieren
help-nothing = Auswahl aufheben; schließen
help-sheet = Diese Übersicht
help-meant = Tasten, die etwas ändern, gelten für das Ausgewählte. Ist nichts ausgewählt, gelten sie für die Zeile, auf der Sie sind ({ $item }).

## components/icon

## components/import_dialog

import-dialog = Maildateien importieren
import-dialog-takes = Eine mbox-Datei, eine einzelne Mail (.eml, .emlx) oder ein Zip-Archiv mit solchen Dateien, je bis zu 2 GiB. Ihr Inhalt wird in diese Sandbox kopiert; die Dateien bleiben, wie sie sind.
import-dialog-files = Maildateien
import-dialog-waits = Wartet auf die vorige.
import-dialog-sent = Gesendet
import-dialog-reading = Wird gelesen
import-dialog-is-read = Gesendet; die Mails werden gelesen.
import-dialog-too-large = Sie hat mehr als 2 GiB. Eine größere Datei kommt über die Kommandozeile herein: bulkhead --mail DATEI.
import-dialog-came = { $items } importiert; { NUMBER($left-out) } ausgelassen.
import-dialog-left-out = Ausgelassen
import-dialog-changed = Anders übernommen
import-dialog-recognised = Erkannt

## components/item_list

item-list-loading = { $items } werden geladen
item-list-empty = Hier ist nichts
item-list-no-mail = Keine Mail passt zu dieser Suche.
item-list-no-contact = Kein Kontakt passt zu dieser Suche.
item-list-no-mailbox = Kein Postfach passt zu dieser Suche.
item-list-no-recipient = Kein Empfänger passt zu dieser Suche.
item-list-select-all = Alle Treffer auswählen
item-list-select-all-key = Alle Treffer auswählen (*)

## components/item_row

item-row-select = { $name } auswählen

## components/job

job-proposals-none-waits = Keine dieser Mails wartet: Über sie ist schon entschieden, oder sie werden Ihnen noch vorgelegt.
job-proposals-review = Zu prüfen
job-title = Auftrag
job-until = bis { $moment }
job-being-undone = Wird rückgängig gemacht
job-undone = Rückgängig gemacht
job-connection-lost = Verbindung verloren, es wird weiter versucht. Der Auftrag selbst geht weiter.
job-counts-refreshing = Die Zahlen gehen nicht auf und werden neu geholt …
job-counts-total = Gesamt
job-drift-refused = { $home }: Inzwischen hat sich etwas geändert. Es wurde nichts angerührt.
job-drift-since = { $home }: Seit der Vorbereitung hat sich etwas geändert.
job-drift-left = { $items } nicht mehr da
job-drift-left-meaning = Gelöscht, verschoben oder von dieser Suche nicht mehr gefunden. Bleibt unberührt.
job-drift-changed = { $items } geändert und weiterhin gefunden
job-drift-changed-meaning = Gehört dazu, so wie es jetzt ist.
job-drift-joined = { $items } neu
job-drift-joined-meaning = Seither gefunden. Gehört nicht dazu; dafür müsste alles neu vorbereitet werden.
job-drift-causes = Von Ihnen selbst seither getan: { $causes }.
job-ending-untouched = Es wurde nichts angerührt
job-ending-undone = Rückgängig gemacht: { $done }
job-ending-left = { $done }, { NUMBER($left) } unverändert gelassen
job-ending-failed-too = { $done }, { NUMBER($failed) } nicht
job-ending-uncertain-too = { $done }, { NUMBER($uncertain) } ungewiss
job-ending-stopped = Abgebrochen: { $done }
job-ending-failed = Fehlgeschlagen: { $done }
job-ending-unsearched = Mails dort gehörten nicht dazu.
job-ending-details = Einzelheiten ansehen
job-ending-found = Was gefunden wurde
job-ending-no-longer = nicht mehr
job-ending-total-time = Gesamtdauer
job-ending-at-the-server = Beim Server
job-ending-calls = { $calls ->
    [one] { $calls } Aufruf, { $time }
   *[other] { $calls } Aufrufe, { $time }
 }
job-ending-ended = Beendet
job-ending-can-be-undone = Rückgängig zu machen
job-ending-results = Ergebnisse (CSV)
job-ending-audit = Protokoll (JSON)
job-ending-audit-meaning = Der Auftrag, seine Ereignisse im Protokoll und wie es bei jedem Element ausging
job-ending-tries-again = { $items } noch einmal versuchen
job-ending-retry-failed = Fehlgeschlagenes wiederholen ({ NUMBER($again) })
job-ending-retry-not-done = Nicht Erledigtes wiederholen ({ NUMBER($again) })
job-ending-go-on = Mit dem Rest weitermachen ({ NUMBER($rest) })
job-ending-download = Herunterladen
job-failures-label = Was nicht wie gewünscht ging
job-failures-left = So belassen.
job-failures-retry = { NUMBER($again) } wiederholen
job-failures-make-folder = Ordner anlegen und { NUMBER($again) } wiederholen
job-failures-connect = Neu verbinden
job-failures-what-helps = <b>Was hilft:</b> { $cure }
job-failures-leave = { $count ->
    [one] So belassen
   *[other] Alle { $count } so belassen
 }
job-family-label = Verwandte Aufträge
job-family-title = Gehört zusammen
job-family-done = { NUMBER($done) } erledigt, insgesamt { $items }
job-family-undo = Macht rückgängig:
job-family-retry = Wiederholt, was fehlschlug in:
job-family-rest = Führt fort:
job-family-proposed = Erledigt, was sicher war in:
job-family-follows = Folgt auf:
job-inside-received = Empfangen
job-inside-size = Größe
job-inside-unread = Ungelesen
job-inside-nobody-named = Ohne Namen
job-inside-senders = { NUMBER($senders) } Absender
job-inside-senders-most = { NUMBER($senders) } Absender, die meisten Mails von
job-inside-senders-at-least = mindestens { NUMBER($senders) } Absender
job-inside-senders-at-least-most = mindestens { NUMBER($senders) } Absender, die meisten Mails (ungefähr) von
job-inside-of-first = Unter den ersten { NUMBER($first) }: { $senders }
job-inside-none = Keine
job-inside-all = Alle
job-inside-some = { NUMBER($some) } von { NUMBER($all) }
job-items-title = Alle Elemente
job-items-find = Im Geladenen suchen
job-items-ended = Ausgang
job-items-in-any-way = Beliebig
job-items-order = Reihenfolge
job-items-table = Elemente
job-items-what = Was
job-items-when = Wann
job-items-shown = { NUMBER($shown) } angezeigt, { NUMBER($loaded) } geladen
job-items-gone = Nicht mehr vorhanden
job-items-waiting = Wartet
job-lists-label = Die Listen
job-lists-more = Und noch { NUMBER($rest) }.
job-lists-all-asked = { $asked ->
    [one] { $asked } Liste wird einmal um Abmeldung gebeten. Die Mails bleiben.
   *[other] { $asked } Listen werden je einmal um Abmeldung gebeten. Die Mails bleiben.
 }
job-lists-some-asked = { $asked ->
    [one] { $asked } Liste wird einmal
   *[other] { $asked } Listen werden je einmal
 } um Abmeldung gebeten. Bei { $others ->
    [one] einer
   *[other] { $others }
 } geht das nicht; der Grund steht dabei. Die Mails bleiben.
job-lists-asked-before = Schon einmal gebeten: { $day }.
job-lists-signed = Signiert von { $signer }, sagt { $server }.
job-lists-mail = Von { $from }, Betreff „{ $subject }“.
job-lists-open-page = Die Seite selbst öffnen
job-model-about-tokens = Etwa { NUMBER($tokens) } Token
job-model-nobody-asked = Es wurde noch niemand gefragt
job-model-told-by = Beurteilt von
job-model-settings = Modell und Datenschutz
job-model-tokens = Token
job-options-title = Erweitert
job-options-batch-size = { $items } auf einmal
job-options-parallel = Davon gleichzeitig
job-options-pause = Pause dazwischen (Sekunden)
job-options-retries = Weitere Versuche
job-options-undo-days = Frist zum Rückgängigmachen (Tage)
job-options-retry-failed = Vorübergehende Fehler noch einmal versuchen
job-options-stop-on-error = Beim ersten Fehler anhalten
job-options-brake = Anhalten, wenn zu viel fehlschlägt
job-options-brake-percent = Zu viel: Prozent
job-options-brake-after = … erst ab dieser Zahl: { $items }
job-options-costs = Kostet den Server
job-options-fixed = Sie gehören zum Entwurf. Um sie zu ändern, beginnen Sie von vorn ({ $home }).
job-options-another-draft = Andere Optionen ergeben einen anderen Entwurf; dieser wird verworfen.
job-options-preview = Vorschau mit diesen
job-options-in-short = { NUMBER($batch) } auf einmal, { NUMBER($parallel) } gleichzeitig
job-options-in-short-apart = { NUMBER($batch) } auf einmal, { NUMBER($parallel) } gleichzeitig, { $pause } Pause
job-outcomes-unreadable = { $count ->
    [one] Noch { $count } gehört hierher, doch was davon gespeichert wurde, lässt sich nicht lesen.
   *[other] Noch { $count } gehören hierher, doch was davon gespeichert wurde, lässt sich nicht lesen.
 }
job-outcomes-unknown = dem Server nicht mehr bekannt
job-outcomes-finding-unreadable = Was dazu gefunden wurde, lässt sich nicht lesen.
job-planning-discards = Noch ist nichts getan: Beim Schließen wird der Entwurf verworfen.
job-planning-found = bisher gefunden
job-planning-gathering = Wird zusammengestellt
job-planning-looking = Gesucht: { $selection }.
job-planning-looked-at = { $items } bisher angesehen
job-planning-compared = von { NUMBER($total) } verglichen
job-planning-checking = Änderungen werden gesucht
job-planning-checking-meaning = Es wird geprüft, ob sich seit der Vorschau etwas geändert hat. Wenn ja, werden Sie noch einmal gefragt.
job-preview-loading = Die Vorschau wird geladen
job-preview-unsearched = Mails dort gehören nicht dazu.
job-preview-edit-template = Vorlage bearbeiten
job-preview-no-groups = Hier gibt es keine zwei { $items } mit genau demselben Inhalt, also wird nichts entfernt.
job-preview-groups = { $groups ->
    [one] { $groups } Gruppe
   *[other] { $groups } Gruppen
 } genau gleicher { $items } gefunden. Von jeder Gruppe bleibt, was am ältesten ist, { $total ->
    [one] { $total } wird entfernt
   *[other] { $total } werden entfernt
 }.
job-preview-exactly = { $items }, genau gezählt
job-preview-exactly-searched = { $items }, genau gezählt, soweit sich suchen ließ
job-preview-type-number = Zum Bestätigen die Anzahl eingeben: <b>{ NUMBER($total) }</b>
job-preview-their-number = Die Anzahl
job-preview-confirming = Wird bestätigt …
job-preview-all-the-same = Trotzdem { $order }
job-preview-options-changed = Die Optionen wurden geändert: Sehen Sie erst die Vorschau mit diesen an
job-preview-put-back = { $items }: { NUMBER($some) } davon wiederherstellen
job-preview-confirm-all = Alle { NUMBER($total) } bestätigen
job-progress-tell-me = Benachrichtigen, wenn es fertig ist
job-progress-stop-question = Diesen Auftrag abbrechen?
job-progress-stop-meaning = { $items } erledigt, { NUMBER($left) } übrig. Was getan ist, bleibt getan.
job-progress-stop-meaning-undo = { $items } erledigt, { NUMBER($left) } übrig. Was getan ist, bleibt getan, und Sie können es rückgängig machen.
job-progress-keep-going = Weitermachen
job-progress-stop = Ja, abbrechen
job-progress-cancel = Auftrag abbrechen
job-progress-pause = Pausieren
job-progress-resume = Fortsetzen
job-progress-hide = Ausblenden
job-progress-time-left = Restzeit
job-progress-pace = Tempo
job-progress-time-so-far = Bisher
job-promise-final = Lässt sich nicht rückgängig machen
job-promise-changes-nothing = Ändert nichts
job-promise-until = Bis { $moment } ({ $away })
job-promise-can-be-undone = Lässt sich rückgängig machen
job-promise-undo = Rückgängig
job-promise-takes = Dauert
job-promise-calls = { $calls ->
    [one] { $calls } Aufruf
   *[other] { $calls } Aufrufe
 }
job-promise-calls-allowed = { $calls ->
    [one] { $calls } Aufruf
   *[other] { $calls } Aufrufe
 }; erlaubt { $items ->
    [one] ist { $items } Element
   *[other] sind { $items } Elemente
 } in { $time }
job-promise-can-go-back = wiederherstellbar
job-promise-changed-since = seither geändert, bleibt so
job-promise-gone = nicht mehr da
job-proposals-title = Vorschläge
job-proposals-meaning = Es geschieht nichts, bis Sie einen annehmen und sich ansehen, was er tun würde.
job-proposals-sure = { $items }, zu { NUMBER($percent) } % sicher.
job-proposals-of-senders = { $items } von { NUMBER($senders) } Absendern
job-proposals-more-senders = und noch { NUMBER($more) } Absender
job-proposals-first = Das sind die ersten { NUMBER($read) } Mails; verarbeiten Sie die anderen danach.
job-protected-kept-out = Ausgenommen: { $causes }.
job-protected-take = { $total ->
    [one] Diese Mail auch einbeziehen
   *[other] Diese Mails auch einbeziehen
 }
job-protected-starred = { NUMBER($mails) } mit Stern
job-protected-answered = { NUMBER($mails) } beantwortet
job-protected-of-senders = { NUMBER($mails) } von Absendern, die Sie immer behalten
job-protected-labelled = { NUMBER($mails) } mit einem Label, das Sie immer behalten
job-protected-taken = Das betrifft auch { $mails }.
job-record-title = Was wann geschah
job-record-begun = Begonnen
job-record-event = { $event ->
    [job_drafted] Entworfen
    [job_frozen] Vorschau fertig
    [job_checking] Auf Änderungen geprüft
    [job_drifted] Änderungen gefunden
    [job_unchecked] Prüfung nicht möglich
    [job_confirmed] Bestätigt
    [job_started] Begonnen
    [job_paused] Pausiert
    [job_resumed] Fortgesetzt
    [job_stopped] Abgebrochen
    [job_ended] Beendet
    [results_downloaded] Ergebnisse heruntergeladen
    [audit_downloaded] Protokoll heruntergeladen
    [export_downloaded] Export heruntergeladen
    [mail_said_to_have_arrived] Mail als angekommen gemeldet
    [mail_to_be_sent_again] Mail zum erneuten Senden vorgemerkt
   *[other] { $words }
 }
job-sample-more = und noch { NUMBER($more) } { $items }
job-sample-newest = Neueste
job-sample-oldest = Älteste
job-sample-largest = Größte
job-whats-next = Es gibt Vorschläge, was noch aus dem Posteingang könnte.
job-whats-next-look = Ansehen
job-whereabouts-from = Aus
job-whereabouts-to = Nach
job-whereabouts-seen = { $items }, für andere sichtbar
job-whereabouts-further = { $items } in weiteren Ordnern
job-whereabouts-to-be-made = { $folder } (gibt es noch nicht und wird angelegt)
job-whereabouts-to-seen = { $folder } (für andere sichtbar)

## components/later

later-not-fetched = Dieser Teil der App konnte nicht geladen werden.
later-why = Der Server ist vielleicht gerade nicht erreichbar oder hat eine neuere Version, die nach dem Neuladen da ist.

## components/letters

letters-row = Zeile { $row }
letters-bounces-label = Zurückgekommene Mails
letters-bounces-count = { $mails ->
    [one] { $mails } Mail ist zurückgekommen
   *[other] { $mails } Mails sind zurückgekommen
 }
letters-bounces-no-more = { $said } Diese Adresse bekommt keine Mails mehr.
letters-bounces-never-looked = Nach zurückgekommenen Mails wurde noch nicht gesucht.
letters-bounces-looking = Zurückgekommene Mails werden gesucht …
letters-bounces-looked = Postfach durchgesehen, { $moment }.
letters-bounces-none = Bisher ist keine Mail zurückgekommen. Postfach durchgesehen, { $moment }.
letters-bounces-failed = Das Postfach ließ sich nicht durchsehen, { $moment }.
letters-facts-from = Von
letters-facts-subject = Betreff
letters-facts-template = Vorlage
letters-facts-no-name = ohne Namen
letters-facts-files = Dateien
letters-facts-one-each = für jede eine von { NUMBER($files) }, wie es in „{ $column }“ steht
letters-facts-begins = Beginnt
letters-facts-not-before = nicht vor { $moment }
letters-facts-at-once = sofort
letters-facts-after = { $seconds ->
    [one] { $seconds } Sekunde
   *[other] { $seconds } Sekunden
 } nach Ihrer Bestätigung; bis dahin lässt sich alles noch abbrechen
letters-left-out = { $rows ->
    [one] { $rows } Zeile wird ausgelassen: Dorthin geht keine Mail
   *[other] { $rows } Zeilen werden ausgelassen: Dorthin geht keine Mail
 }
letters-lines-label = Mails
letters-lines-one-by-one = Mails einzeln
letters-lines-sent = Gesendet
letters-lines-sent-after = Gesendet nach { $time }
letters-lines-failed = Fehlgeschlagen
letters-lines-left-out = Ausgelassen
letters-lines-not-sent = Nicht gesendet
letters-lines-uncertain = Vielleicht angekommen
letters-lines-sending = Wird gesendet …
letters-lines-queued = Eingereiht
letters-open-label = Mails, die vielleicht angekommen sind
letters-open-count = { $mails ->
    [one] { $mails } Mail ist vielleicht angekommen, vielleicht auch nicht
   *[other] { $mails } Mails sind vielleicht angekommen, vielleicht auch nicht
 }
letters-open-meaning = Der Mailserver hat alles angenommen, doch seine Antwort ging verloren. Solche Mails werden nie von selbst noch einmal gesendet: Sehen oder fragen Sie nach, und sagen Sie, was daraus wurde.
letters-open-address = Adresse
letters-open-given-up = Aufgegeben
letters-open-looked = Nachgesehen
letters-open-looked-meaning = Die Suche nach einer Kopie unter den gesendeten Mails gab keine Gewissheit.
letters-open-arrived = Ist angekommen
letters-open-again = Noch einmal senden …
letters-open-said-arrived = Von Ihnen als angekommen gemeldet, { $moment }.
letters-open-said-again = Soll noch einmal gesendet werden, { $moment }.
letters-open-show-job = Diesen Auftrag zeigen

## components/link

## components/mail_row

mail-row-starred = Mit Stern
mail-row-attachment = Mit Anhang

## components/monogram

## components/operation_form

operation-form-cost = { $model } wird gefragt: etwa { NUMBER($tokens) } Token.
operation-form-cost-of-some = { $model } wird gefragt: etwa { NUMBER($tokens) } Token für { NUMBER($mails) } Mails.
operation-form-title = { $operation }: { $items }
operation-form-make-folder = Ordner „{ $name }“ anlegen
operation-form-folder-hint = Liste eingrenzen oder neuen Ordner benennen
operation-form-label-add = Vergeben
operation-form-label-remove = Entfernen
operation-form-label-hint = belege
operation-form-labels = Das sind { NUMBER($number) } Labels: { $labels }. Ein Label hat keine Leerzeichen; als eines könnte es „{ $one }“ heißen.
operation-form-keywords = Dieses Konto hat keine eigenen Labels: Sie werden als IMAP-Schlüsselwörter gespeichert, die die meisten Mailprogramme höchstens als Schlagwörter zeigen.
operation-form-from = bisher
operation-form-to = künftig

## components/palette

palette = Was möchten Sie tun?
palette-find = Aktion oder Seite finden
palette-type = Zum Suchen tippen
palette-commands = Aktionen und Seiten
palette-none = So heißt nichts.

## components/problem_note

problem-note-sign-in = Anmelden
problem-note-offline = Der Server ist nicht erreichbar.
problem-note-offline-why = Vielleicht wurde er angehalten, oder die Verbindung ist weg. Verloren ging nichts.
problem-note-unreadable = Die Antwort des Servers war nicht lesbar.
problem-note-unreadable-why = Status { $status }. Vielleicht hilft es, die Seite neu zu laden.
problem-note-sign-in-down = Die Anmeldung ist nicht erreichbar.
problem-note-sign-in-down-why = Ihre Sitzung muss erneuert werden, und das gelang nicht. Verloren ging nichts.
problem-note-again = Ein neuer Versuch lohnt sich { $when }.
problem-note-request = Anfrage { $request }

## components/rate_limit_note

rate-limit-note = { $seconds ->
    [one] Das war viel in kurzer Zeit. Es geht<b> in { $seconds } Sekunde</b> von selbst weiter.
   *[other] Das war viel in kurzer Zeit. Es geht<b> in { $seconds } Sekunden</b> von selbst weiter.
 }

## components/reader

reader = Die geöffnete Mail
reader-loading = Die Mail wird geladen
reader-previous = Vorige (k)
reader-next = Nächste (j)
reader-unsubscribe = Abbestellen …
reader-close = Mail schließen
reader-says = Inhalt
reader-from = Von
reader-to = An
reader-received = Empfangen
reader-cut = Diese Mail ist so groß, dass nur ihr Anfang gezeigt wird; es können weitere Dateien darin sein.
reader-ways = Darstellung
reader-formatted = Formatiert
reader-text = Nur Text
reader-source = Quelltext
reader-frame = Die Mail, formatiert
reader-pictures = Bilder werden nicht geladen: Sonst erführe der Absender, dass Sie das gelesen haben.
reader-harmful = Dieser Browser kann das HTML dieser Mail nicht unschädlich machen. Text und Quelltext sind da.
reader-source-cut = Die ersten { $size }. Ein Export enthält alles.
reader-files = Dateien darin
reader-nameless = Datei ohne Namen

## components/search_box

search-box-search-all = Alle { $items } durchsuchen
search-box-search = { $items } durchsuchen
search-box-empty = Suche leeren
search-box-help = So wird gesucht
search-box-heading = Suche
search-box-all-parts = Alle Teile einer Suche müssen zutreffen.
search-box-cannot = Dieses Konto kann nicht beantworten: { $terms }
search-box-too-long = Zu lang: höchstens { NUMBER($bytes) } Bytes.

## components/sender_views

sender-views = Ansichten
sender-views-everybody = Alle
sender-views-suggestions = Vorschläge
sender-views-learned = Gelernt
sender-views-rules = Regeln

## components/sheet

## components/sidebar

sidebar-accounts = Konten
sidebar-jobs = Laufende Aufträge
sidebar-under-way = In Arbeit
sidebar-senders = Absender
sidebar-review = Zu prüfen
sidebar-contacts = Kontakte
sidebar-mailboxes = Postfächer
sidebar-sending = Senden
sidebar-send-to-many = An viele senden
sidebar-folders = Ordner
sidebar-all-mail = Alle Mails
sidebar-labels = Labels
sidebar-just-done = Gerade erledigt
sidebar-undo = Rückgängig
sidebar-redo = Wiederholen
sidebar-undo-until = { $undo }: bis { $until }

## components/toolbar

toolbar = Mit der Auswahl
toolbar-more = Mehr
toolbar-less = Weniger
toolbar-nothing = Auswahl aufheben
toolbar-nothing-esc = Auswahl aufheben (Esc)
toolbar-unable = Das kann dieses Konto nicht
toolbar-selecting = Wird ausgewählt …
toolbar-selected = { $items } ausgewählt
toolbar-all-selected = Alle ausgewählt: { $items }
toolbar-all-match = Alle Treffer ausgewählt
toolbar-all-except = Alle Treffer, ausgenommen { $items }
toolbar-select-all = Alle { NUMBER($total) } auswählen
toolbar-room = { $left ->
    [one] Noch { $left } lässt sich einzeln auswählen
   *[other] Noch { $left } lassen sich einzeln auswählen
 }
toolbar-over = Mehr als 10.000 einzeln ausgewählt: Wählen Sie alle Treffer aus und nehmen Sie einige heraus, oder suchen Sie enger
toolbar-too-long = Dazwischen liegen mehr als 10.000, deshalb wurde nichts davon ausgewählt: Wählen Sie alle Treffer aus und nehmen Sie einige heraus, oder suchen Sie enger
toolbar-changed = Die Liste hat sich geändert, deshalb wurde nichts dazwischen ausgewählt: Wählen Sie Anfang und Ende noch einmal
toolbar-unread = Was dazwischen steht, konnte nicht gelesen werden und wurde nicht ausgewählt: Versuchen Sie es noch einmal

## components/tray

tray-under-way = { $jobs ->
    [one] { $jobs } Auftrag läuft · { NUMBER($percent) } %
   *[other] { $jobs } Aufträge laufen · { NUMBER($percent) } %
 }
tray-held = { $jobs ->
    [one] { $jobs } Auftrag angehalten · { NUMBER($percent) } %
   *[other] { $jobs } Aufträge, nicht alle laufen · { NUMBER($percent) } %
 }

## components/unsearched_note

## components/window_list

## pages/advice

advice-title = Vorschläge
advice-again = Das Postfach noch einmal durchsehen
advice-decided-before = Entschieden
advice-keys-next = weiter
advice-keys-back = zurück
advice-keys-accept = annehmen
advice-keys-why = warum, und ändern
advice-keys-dismiss = verwerfen
advice-lead = { $sum } Jeder zeigt vorher, was er tun würde, und lässt sich rückgängig machen.
advice-none = Nichts vorzuschlagen
advice-none-text = Was im Posteingang liegt, ist gelesen, neu oder von Menschen. Kommen Sie wieder, wenn sich mehr angesammelt hat.
advice-nothing-has-to = Nichts muss aus dem Posteingang.
advice-about-to-look = Gleich wird das Postfach durchgesehen. Verändert wird dabei nichts.
advice-weighing = { NUMBER($weighed) } von { NUMBER($all) } Absendern und Listen durchgesehen. Ein Modell auf diesem Server liest von jedem ein paar Mails; nichts verlässt ihn.
advice-reading = Kopfzeilen werden gelesen. Ein Modell auf diesem Server liest von jedem Absender ein paar Mails; nichts verlässt ihn.
advice-card-about = · etwa { $size }
advice-card-why = Warum, und wessen Mails
advice-card-accepted = Angenommen
advice-card-take-back = Rückgängig machen
advice-card-taken-back = Rückgängig gemacht
advice-card-go-on = Weiter …
advice-card-keep = Behalten
advice-card-accept = Annehmen …
advice-card-rule = Eine Regel daraus machen …
advice-card-never = Alle diese immer im Posteingang behalten
advice-learned = Gelernt
advice-learned-none = Noch nichts gelernt
advice-learned-none-text = Nehmen Sie einen Vorschlag an, ändern oder verwerfen Sie ihn, oder machen Sie einen rückgängig: Das alles macht die nächsten besser und steht dann hier.
advice-learned-from = Aus dem, was Sie angenommen, geändert, verworfen und rückgängig gemacht haben, und aus dem, was Sie von Hand tun. Es bleibt bei diesem Konto und wird mit ihm gelöscht.
advice-learned-by-hand = Nach dem, was Sie von Hand tun
advice-learned-of-a-kind = Für Vorschläge einer Art
advice-learned-forget-all = Alles vergessen
advice-learned-forget-really = Wirklich alles vergessen
advice-learned-always-keep = Immer behalten
advice-learned-hint = ann@example.org oder label:steuer
advice-learned-keep = Behalten
advice-learned-keep-text = Deren Mails bleiben außen vor, wenn Sie per Suche archivieren, verschieben oder in den Papierkorb legen, ebenso wie solche mit Stern und beantwortete.
advice-learned-forget = Vergessen
advice-learned-not-by-it = Nicht beachten
advice-sources-whose = Wessen Mails, und warum. Nehmen Sie heraus, wen Sie behalten möchten.
advice-sources-newest = Die neuesten davon
advice-strip = Lassen Sie das Postfach durchsehen und sich Absender für Absender vorschlagen, was den Posteingang verlassen könnte.
advice-strip-suggest = Etwas vorschlagen lassen
advice-strip-look = Ansehen

## pages/batch

batch-title = Stapel
batch-lead = Bis zu 100 Mails werden auf einmal klassifiziert, und für bis zu 50 wird vorgeschlagen, was mit ihnen geschehen soll. Verändert wird keine.
batch-none = Keine Mails
batch-none-text = Die Posteingänge sind leer.
batch-more = Mehr laden
batch-all = Alle auswählen
batch-from = Von
batch-subject = Betreff
batch-listed = { NUMBER($mails) } Mails
batch-selected = { $mails ->
    [one] { $mails } Mail ausgewählt
   *[other] { $mails } Mails ausgewählt
 }
batch-classify = Ausgewählte klassifizieren
batch-process = Ausgewählte verarbeiten
batch-clear = Auswahl aufheben
batch-trimmed = Ein Stapel nimmt { NUMBER($most) } Mails; die übrigen wurden ausgelassen.
batch-too-many = Auf einmal lassen sich höchstens { NUMBER($most) } Mails verarbeiten.
batch-keep-first = Die ersten { NUMBER($most) } behalten
batch-near-process = { NUMBER($mails) } von { NUMBER($most) } Mails, die sich auf einmal verarbeiten lassen.
batch-near-classify = { NUMBER($mails) } von { NUMBER($most) } Mails, die sich auf einmal klassifizieren lassen.
batch-classifying = Mails werden klassifiziert
batch-processing = Mails werden verarbeitet
batch-waiting = { $total ->
    [one] Wartet auf den Beginn, { $total } Mail …
   *[other] Wartet auf den Beginn, { $total } Mails …
 }
batch-classified-so-far = { $total ->
    [one] { $processed } von { $total } Mail wird klassifiziert …
   *[other] { $processed } von { $total } Mails werden klassifiziert …
 }
batch-processed-so-far = { $total ->
    [one] { $processed } von { $total } Mail wird verarbeitet …
   *[other] { $processed } von { $total } Mails werden verarbeitet …
 }
batch-done = { $total ->
    [one] { $processed } von { $total } Mail fertig.
   *[other] { $processed } von { $total } Mails fertig.
 }
batch-all-failed = Alle Mails sind fehlgeschlagen.
batch-failed = { NUMBER($mails) } fehlgeschlagen
batch-retry = Fehlgeschlagene wiederholen
batch-results = Ergebnisse ansehen
batch-longer = Es dauert länger als fünf Minuten und läuft von selbst weiter.
batch-watch = Weiter zusehen

## pages/compose

compose-cannot-send = Dieses Konto kann nicht senden
compose-cannot-send-meaning = Beim Verbinden wurde kein Server für ausgehende Mails gefunden. Verbinden Sie es neu, um noch einmal zu suchen oder einen anzugeben.
compose-connect = Ein Konto verbinden
compose-to-mailbox = Zum Postfach
compose-title = Eine Mail an viele senden
compose-preview-mails = { $mails ->
    [one] Vorschau: { $mails } Mail
   *[other] Vorschau: { $mails } Mails
 }
compose-recipients = Empfänger
compose-recipients-file = Eine .csv-Datei auswählen oder hierher ziehen
compose-recipients-paste = Oder Adressen oder Zellen einer Tabelle einfügen
compose-recipients-count = { NUMBER($recipients) } Empfänger
compose-in-file = in „{ $file }“
compose-address-column = Spalte mit der Adresse
compose-name-column = Spalte mit dem Namen
compose-template = Vorlage
compose-from = Von
compose-template-name = Name der Vorlage (falls sie einen hat)
compose-template-name-hint = Nachfrage
compose-with-html = Mit HTML
compose-sending = Versand
compose-begins = Beginn nach der Bestätigung
compose-begins-at-once = sofort
compose-begins-10-seconds = nach 10 Sekunden
compose-begins-30-seconds = nach 30 Sekunden
compose-begins-minute = nach einer Minute
compose-begins-5-minutes = nach 5 Minuten
compose-unsubscribing = Abbestellen (bei Massenmails)
compose-unsubscribing-hint = https://… oder eine Adresse
compose-put-in-column = Spalte „{ $column }“ einsetzen
compose-fields = Felder
compose-fields-label = Felder der Vorlage
compose-fields-that-fit = Passende Felder
compose-subject = Betreff
compose-subject-hint = Ihre Rechnung, { "{{ name }}" }
compose-text = Text
compose-text-hint = Guten Tag { "{{ name }}" },
compose-html = HTML
compose-html-hint = <p>Guten Tag { "{{ name }}" },</p>
compose-where-empty = Wo „{ $column }“ leer ist
compose-files = Anhänge
compose-files-all = Mit jeder Mail: Dateien auswählen oder hierher ziehen
compose-files-archive = Für jede eine eigene: ein .zip mit den Dateien, die eine Spalte nennt
compose-files-uploading = Wird hochgeladen: { NUMBER($done) } von { NUMBER($files) } Dateien …
compose-files-too-large = „{ $name }“ ist größer als { NUMBER($megabytes) } MB.
compose-files-take-off = { $name } entfernen
compose-files-count = { $files ->
    [one] { $files } Datei
   *[other] { $files } Dateien
 }
compose-files-take-all-off = Entfernen
compose-files-column = Spalte mit ihren Namen
compose-gather = Oder aus Kontakten oder aus Mails
compose-gather-from = Aus
compose-gather-contacts = Kontakte von { $account }
compose-gather-writers = Wer an { $account } geschrieben hat
compose-gather-search = Suche
compose-gather-contacts-hint = org:acme, oder nichts für alle
compose-gather-look = Suchen
compose-gather-looking = Wird gesucht …
compose-gather-found = { $addresses ->
    [one] { $addresses } Adresse
   *[other] { $addresses } Adressen
 }, jede nur einmal (durchgesehen: { $items }).
compose-gather-without = { $items ->
    [one] { $items } hat keine Adresse, an die eine Mail gehen kann.
   *[other] { $items } haben keine Adresse, an die eine Mail gehen kann.
 }
compose-gather-cut = Es sind mehr, als ein Auftrag aufnimmt: Suchen Sie nach weniger.
compose-gather-add = Zu den Empfängern hinzufügen
compose-gather-added = { NUMBER($added) } Empfänger hinzugefügt; { $known ->
    [one] { $known } war schon da.
   *[other] { $known } waren schon da.
 }
compose-kept-templates = Gespeicherte Vorlagen
compose-kept-version = Version { $version } von { $newest }, { $moment }.
compose-kept-take-version = Version übernehmen
compose-kept-keep = Diese Vorlage speichern
compose-kept-keep-anew = Als neue Version speichern
compose-kept-forget = Löschen
compose-kept-forgotten = Gelöscht. Was hier geschrieben ist, bleibt.
compose-seen-missing = { $missing } Dann wird hier jede Mail gezeigt, wie sie sein wird.
compose-seen-looking = Wird geprüft …
compose-seen-cannot = Diese lässt sich so nicht senden.
compose-seen-all-good = { $mails ->
    [one] Die Mail lässt sich senden.
   *[other] Alle { $mails } Mails lassen sich senden.
 }
compose-seen-some-good = { NUMBER($good) } von { NUMBER($mails) } Mails lassen sich senden.
compose-seen-faults = { $faults ->
    [one] { $faults } Fehler steht
   *[other] { $faults } Fehler stehen
 } im Weg; { NUMBER($good) } von { NUMBER($mails) } Mails lassen sich senden.
compose-seen-fallbacks = { $mails ->
    [one] In einer davon
   *[other] In { $mails } davon
 } ersetzt ein Ersatztext eine leere Zelle.
compose-seen-use = „{ $name }“ verwenden
compose-seen-leave-out = Auslassen
compose-seen-cell = { $column } in Zeile { $row }
compose-seen-how = Darstellung
compose-seen-source = Quelltext
compose-seen-frame = Die Mail als HTML, ohne ihre Gestaltung
compose-seen-to = An
compose-seen-files = Dateien
compose-chooser-label = Welche Mails
compose-chooser-find = Empfänger suchen
compose-chooser-before = Vorige Mail
compose-chooser-row = Zeile
compose-chooser-next = Nächste Mail
compose-chooser-none = Keine davon.
compose-chooser-of-all = von { NUMBER($mails) }
compose-chooser-of-found = { NUMBER($place) } von { NUMBER($found) } gefundenen
compose-chooser-found = { NUMBER($found) } gefunden
compose-suppressed = Wer keine Mails bekommt ({ NUMBER($addresses) })
compose-suppressed-meaning = Niemand auf dieser Liste bekommt eine Mail von diesem Konto: weder durch einen neuen Entwurf noch durch einen früheren.
compose-suppressed-search = Suche
compose-suppressed-none = Auf der Liste steht keine solche Adresse.
compose-suppressed-take-off = Entfernen
compose-suppressed-take-off-list = { $address } von der Liste entfernen
compose-suppressed-new = Adressen, die keine Mails mehr bekommen sollen
compose-suppressed-because = Grund
compose-suppressed-add = Auf die Liste setzen
compose-suppressed-added = { NUMBER($added) } hinzugefügt.
compose-suppressed-added-known = { NUMBER($added) } hinzugefügt; { NUMBER($known) } schon auf der Liste.
compose-test = Einen Test an mich senden
compose-test-sending = Wird gesendet …
compose-test-sent = Der Test wurde an Sie gesendet.
compose-test-under-way = Der Test ist unterwegs.
compose-test-not-sent = Der Test wurde nicht gesendet: Der Verlauf sagt, warum.

## pages/connect

connect-title = Konto verbinden
connect-mine = Mein Postfach verbinden
connect-looking = Der Mailserver wird gesucht …
connect-not-yet = Das funktioniert noch nicht.
connect-go-to = Weiter zu { $provider }
connect-go = Weiter zum Anbieter
connect-testing = Wird getestet …
connect-test = Testen
connect-connecting = Wird verbunden …
connect-submit = Verbinden
connect-welcome = Tausende Mails aufräumen und alles sehen, bevor es geschieht.
connect-welcome-how = Viele auswählen, genau ansehen, was geschehen würde, genau dazu Ja sagen, jederzeit anhalten, rückgängig machen.
connect-welcome-sandbox = Noch unsicher? Die Sandbox ist ein Postfach voller erfundener Mails: Nichts darin gehört Ihnen, und nichts verlässt diesen Server.
connect-try-sandbox = Sandbox ausprobieren
connect-denied = Sie haben dort abgelehnt oder bekamen keinen Zugang.
connect-denied-cure = Es wurde nichts verbunden. Ein Anbieter kann es auch denen verbieten, deren Postfächer jemand anderes verwaltet.
connect-mismatch = Das war keine Antwort auf die Anfrage dieses Tabs.
connect-mismatch-cure = Vielleicht ist es eine alte Seite, oder es wurde in einem anderen Tab begonnen. Es wurde nichts verbunden.
connect-insecure = Dafür ist eine sichere Verbindung nötig.
connect-insecure-cure = Öffnen Sie diese Seite über eine Adresse, die mit https beginnt.
connect-refused = Der Anbieter hat nicht zugestimmt.
connect-refused-cure = Vielleicht hilft ein neuer Versuch. Wenn nicht, ist dieser Server dort nicht richtig registriert.

## pages/contacts

contacts-title = Kontakte
contacts-of = Kontakte von { $account }
contacts-add = Aus einer Datei hinzufügen …
contacts-add-title = Kontakte aus einer Datei hinzufügen
contacts-add-file = Eine .vcf- oder .csv-Datei: auswählen oder hierher ziehen
contacts-add-nothing-yet = Es wird nichts hinzugefügt, bevor Sie eine Vorschau gesehen haben.
contacts-add-no-book = Kein Adressbuch dieses Kontos lässt sich ändern.
contacts-add-book = In das Adressbuch
contacts-add-recognised = { $contacts } in „{ $file }“ ({ $form })
contacts-add-wrong = { $wrong ->
    [one] { $wrong } lässt sich nicht hinzufügen und wird ausgelassen
   *[other] { $wrong } lassen sich nicht hinzufügen und werden ausgelassen
 }
contacts-add-fault = Nummer { $number }: { $why }
contacts-add-more = { $more ->
    [one] und { $more } weiterer
   *[other] und { $more } weitere
 }
contacts-add-unknown = Diese Spalten werden nicht übernommen: { $columns }

## pages/directory

directory-title = Postfächer
directory-rows = Zeilen
directory-steps = Schritte
directory-step-what = Was zu tun ist
directory-step-which = Welche Postfächer
directory-step-mend = Prüfen und berichtigen
directory-step-run = Vorschau, Ausführung und Verlauf
directory-recover = Reaktivieren
directory-recover-text = Jedes inaktive Postfach wird wieder aktiv, unter den Namen, die in seiner Zeile stehen.
directory-restore = Wiederherstellen
directory-restore-text = Die Nachrichten jedes inaktiven Postfachs werden in ein aktives kopiert. Es selbst bleibt, wie es ist.
directory-conflict = Was aus Nachrichten wird, die in beiden sind, wenn eine Zeile nichts dazu sagt
directory-recover-from = { $mailboxes } reaktivieren ({ $file })
directory-restore-from = { $mailboxes } wiederherstellen ({ $file })
directory-bring-others = Andere nehmen
directory-ready = { NUMBER($rows) } bereit
directory-wrong = { NUMBER($rows) } fehlerhaft
directory-blocked = { NUMBER($rows) } blockiert
directory-done = { NUMBER($rows) } schon erledigt
directory-cleaned = { $rows ->
    [one] GUIDs in { $rows } Zeile berichtigt
   *[other] GUIDs in { $rows } Zeilen berichtigt
 }
directory-unknown = Für die Ergebnisse aufgehoben, aber nicht verwendet: { $columns }
directory-in-parts = Ein Auftrag nimmt { NUMBER($rows) } Zeilen. Die anderen bleiben hier und kommen als Nächste dran.
directory-looking = Wird geprüft …
directory-look = Im Verzeichnis prüfen
directory-preview = Vorschau für { $mailboxes }
directory-left-out = { $mailboxes ->
    [one] { $mailboxes } Postfach wird ausgelassen, wenn es nicht berichtigt wird. Bis dahin bleibt es hier.
   *[other] { $mailboxes } Postfächer werden ausgelassen, wenn sie nicht berichtigt werden. Bis dahin bleiben sie hier.
 }
directory-pick = Inaktive Postfächer
directory-pick-or = Oder aus den inaktiven Postfächern auswählen
directory-pick-search = Name, Adresse, newer_than:30d
directory-pick-none = Kein inaktives Postfach passt dazu.
directory-pick-first = Die ersten { NUMBER($shown) } von { NUMBER($all) }; die anderen finden Sie über die Suche.
directory-pick-tick = Haken Sie die gewünschten an
directory-pick-take = { $mailboxes } übernehmen
directory-pick-deleted = gelöscht: { $when }
directory-pick-kept = aufbewahrt bis { $when }
directory-pick-hold = Aufbewahrungssperre
directory-grid-sort = Fehlerhafte zuerst
directory-grid-line = Zeile { $line } der Datei
directory-grid-take-out = Zeile { $row } herausnehmen
directory-grid-done = Schon erledigt.
directory-grid-free = Es steht nichts im Weg.
directory-grid-cell = { $column }, Zeile { $row }
directory-bring-file = Eine Tabelle: auswählen oder hierher ziehen
directory-bring-columns = Spalten in beliebiger Reihenfolge: { $needed }; auf Wunsch auch { $others }. Andere bleiben erhalten und kommen mit den Ergebnissen zurück.
directory-bring-paste = Oder Zeilen aus einer Tabellenkalkulation einfügen
directory-bring-too-big = Eine Arbeitsmappe darf höchstens 10 MiB groß sein.
directory-bring-template = Vorlage herunterladen
directory-watch-in-progress = in Arbeit
directory-watch-pending = ausstehend
directory-watch-completed = abgeschlossen
directory-watch-failed = fehlgeschlagen
directory-watch-skipped = übersprungen
directory-watch-not-started = nicht begonnen
directory-watch-uncertain = ungewiss
directory-watch-back = Vorige Zeilen
directory-watch-next = Nächste Zeilen

## pages/history

history-title = Alle Aufträge
history-undo-until = Bis { $moment }
history-state = Status
history-all = Alle
history-what = Was
history-account = Konto
history-sender = Absender
history-time = Zeit
history-last-7-days = Letzte 7 Tage
history-last-30-days = Letzte 30 Tage
history-last-year = Letztes Jahr
history-none-like-that = Keiner der Aufträge hier passt dazu.
history-no-such = Keine solchen Aufträge
history-no-such-meaning = Kein Auftrag hat diesen Status.
history-none = Noch keine Aufträge
history-none-meaning = Wählen Sie Mails aus und sagen Sie, was mit ihnen geschehen soll. Sie sehen alles, bevor es geschieht.
history-refreshing = wird aktualisiert …
history-failed = { NUMBER($failed) } fehlgeschlagen
history-cleaned = Was weggeräumt wurde
history-cleaned-by-these = von den Aufträgen unten
history-cleaned-by-month = Nach Monat
history-cleaned-by-search = Nach Suche
history-cleaned-by-sender = Nach Absender, mindestens
history-cleaned-all-mails = alle Mails

## pages/job

## pages/mailbox

mailbox-unsearched = Mails dort sind weder aufgelistet noch gezählt.
mailbox-narrow = Suche eingrenzen
mailbox-not-looked-at = { $mails ->
    [one] 1 Mail passt vielleicht auch: Noch niemand hat angesehen, worum es darin geht.
   *[other] { $written } passen vielleicht auch: Noch niemand hat angesehen, worum es darin geht.
}
mailbox-look-at-them = Ansehen
class-tag-said = Das haben Sie gesagt.
mailbox-import = Mail-Dateien importieren
mailbox-import-or-drop = Mail-Dateien importieren (oder hierher ziehen)
mailbox-shortcuts = Tastenkürzel
mailbox-shortcuts-key = Tastenkürzel (?)
mailbox-all-that-match = alle Treffer
mailbox-all-matching = Ausgewählt: alle { $items }, die zu dieser Suche passen. Nehmen Sie den Haken weg, wo etwas ausgelassen werden soll.
mailbox-all-matching-except = Ausgewählt: alle { $items }, die zu dieser Suche passen, ausgenommen { $left-out }. Nehmen Sie den Haken weg, wo etwas ausgelassen werden soll.
mailbox-select-nothing = Nichts auswählen
mailbox-select-all = Alle Treffer auswählen
mailbox-only = Nur: { $chip }
mailbox-no-longer-only = Nicht mehr nur: { $chip }
mailbox-go-to-inbox = Zum Posteingang
mailbox-go-to-archive = Zum Archivordner
mailbox-go-to-sent = Zu den gesendeten Mails
mailbox-go-to-drafts = Zu den Entwürfen
mailbox-go-to-trash = Zum Papierkorb
mailbox-go-to-spam = Zum Spamordner
mailbox-go-to-all = Zu allen Mails

## pages/model

model-back-to-deployed = Zurück zu dem, was dieser Server anbietet
model-deployed = Wer diesen Server betreibt, bietet { $model } an.
model-title = Modell und Datenschutz
model-loading = Die Einstellungen werden geladen
model-endpoint = Der Endpunkt
model-another = Ein anderes Modell fragen
model-forget = Zurück zum eingebauten Modell
model-forget-text = Der Schlüssel wird vergessen und ebenso, wozu Sie zugestimmt haben. Laufende Aufträge senden nichts mehr.
model-here = Klassifizieren, Verarbeiten, Vorschläge und Regeln lesen Ihre Mails hier, und nichts davon wird irgendwohin gesendet.
model-there = Klassifizieren, Verarbeiten und geschriebene Antworten senden den Anfang jeder Mail dorthin: von den Konten, für die Sie unten zustimmen, und von keinen anderen. Vorschläge und Regeln lesen Ihre Mails immer hier.
model-accounts = Konten
model-agreed = Wird dorthin gesendet. Zugestimmt: { $when }
model-nothing-sent = Nichts wird gesendet
model-what-is-sent = Ansehen
model-what-would-be = Was gesendet würde
model-withdraw = Widerrufen
model-consent-title = Was von { $account } gesendet wird
model-consent-decline = Nichts senden
model-consent-agree = Zustimmen und an { $host } senden
model-consent-none = Es ist kein anderes Modell mehr gewählt: Nichts wird gesendet.
model-consent-goes = Wenn Sie Mails dieses Kontos klassifizieren, verarbeiten oder beantworten lassen, geht von jeder Folgendes an { $to }:
model-consent-headers = diese Kopfzeilen: { $headers }
model-consent-text = höchstens { NUMBER($bytes) } Bytes ihres Textes
model-consent-nothing-else = kein Anhang, keine anderen Kopfzeilen und nichts aus anderen Mails
model-consent-together = Dazu kommen Anweisungen, die bei jeder Mail dieselben sind, und was Ihre Antworten sagen sollen. Wer diesen Server betreibt, kann all das lesen und aufbewahren.
model-consent-example = Genau das geht von der neuesten Mail im Posteingang hinaus
model-consent-bytes = { NUMBER($bytes) } Bytes
model-consent-no-mail = Im Posteingang ist keine Mail, die sich als Beispiel zeigen ließe.
model-form-address = Adresse
model-form-model = Modell
model-form-model-hint = wie sein Server es nennt
model-form-key = Schlüssel
model-form-key-kept = Gespeichert und nie angezeigt; zum Ersetzen einen anderen eingeben
model-form-key-hint = Falls er einen verlangt
model-form-requests = Anfragen pro Minute
model-form-requests-most = Anfragen pro Minute, höchstens
model-form-side = Gleichzeitig
model-form-side-most = Gleichzeitig, höchstens
model-form-mails = Mails je Anfrage
model-form-no-number = { $field }: Das muss eine Zahl sein.
model-form-one-mail = Bei einer Mail je Anfrage kann der Inhalt einer Mail nur ihre eigene Klasse beeinflussen. Mehrere kosten weniger Token, doch kann dann eine Mail beeinflussen, was über die anderen gesagt wird.
model-form-use = Dieses Modell verwenden
model-form-any = Jeder Server, der die Chat Completions von OpenAI beherrscht: OpenAI, vLLM, Ollama, llama.cpp, Bedrock. Nichts wird gesendet, bevor Sie für ein Konto zugestimmt haben.

## pages/not_found

not-found-title = Das gibt es hier nicht
not-found-why = Die Adresse ist vielleicht veraltet oder gehört jemand anderem.
not-found-home = Zum Postfach

## pages/review

review-title = Zu prüfen
review-part-acts = Hier würde etwas getan
review-part-untold = Nicht zu erkennen
review-part-kept = Bliebe, wie es ist, aber sicher ist das nicht
review-more = Mehr anzeigen
review-keyboard = Tastatur
review-filing = Ein Auftrag ist beendet; was er vorgeschlagen hat, ist noch auf dem Weg hierher.
review-drafted = { $mails ->
    [one] { $mails } weitere gehört zu einem Entwurf, der auf Ihr Ja wartet.
   *[other] { $mails } weitere gehören zu Entwürfen, die auf Ihr Ja warten.
 }
review-unreadable = Einen Teil der Warteschlange kann diese Version nicht lesen; mit seinen Mails geschieht nichts.
review-none = Nichts wartet auf Sie
review-none-text = Lassen Sie über die Werkzeugleiste einer Liste Mails verarbeiten: Was das Modell nicht sicher weiß, kommt hierher; sonst fragt Sie nichts.
review-none-drafted = Alles andere gehört zu einem Entwurf.
review-change = Ändern
review-change-is = Es ist
review-change-instead = oder stattdessen:
review-keys-move = Nächste / vorige
review-keys-accept = Annehmen, was vorgeschlagen ist
review-keys-change = Klasse ändern oder was geschehen soll
review-keys-tick = Die Mail anhaken
review-keys-dismiss = Verwerfen: nichts damit tun
review-keys-back = Das Letzte rückgängig machen
review-keys-help = Diese Übersicht
review-many = Viele auf einmal
review-many-shown = { NUMBER($shown) } von { NUMBER($mails) }
review-many-wait = { $mails ->
    [one] { $mails } wartet
   *[other] { $mails } warten
 }
review-many-ticked = { NUMBER($mails) } angehakt
review-many-accept-matching = Alle passenden annehmen …
review-many-dismiss-matching = Alle passenden verwerfen
review-many-accept-all = Alle annehmen …
review-many-dismiss-all = Alle verwerfen
review-many-accept = Annehmen
review-which = Wartend oder entschieden
review-which-decided = Entschieden
review-reply = Antwort für Ihre Entwürfe; Namen in Klammern werden aus der Mail ergänzt
review-reply-written = Die Antwort schreibt das Modell, sobald Sie annehmen; sein Auftrag
review-reply-written-english = Die Antwort schreibt das Modell auf Englisch, sobald Sie annehmen; sein Auftrag
review-reply-written-german = Die Antwort schreibt das Modell auf Deutsch, sobald Sie annehmen; sein Auftrag
review-narrow = Nur anzeigen
review-narrow-all = Alle
review-narrow-another = Andere Klasse
review-dial = Sicher ab
review-dial-more-proposed = 80 %, mehr wird vorgeschlagen
review-dial-more-waits = 95 %, mehr wartet auf Sie
review-row-gone = Nicht mehr da
review-row-gone-text = Sie wurde inzwischen verschoben oder gelöscht.
review-row-tick = Die Mail „{ $subject }“ anhaken
review-row-processing = Wird verarbeitet
review-row-processed = Verarbeitet
review-row-sent = Gesendet
review-row-rate = { NUMBER($read) } von { NUMBER($mails) } gelesen
review-row-rate-list = Listenmail, { NUMBER($read) } von { NUMBER($mails) } gelesen
review-said-dismissed = { $mails ->
    [one] { $mails } Mail verworfen.
   *[other] { $mails } Mails verworfen.
 }
review-said-reopened = { $mails ->
    [one] { $mails } Mail zurückgeholt.
   *[other] { $mails } Mails zurückgeholt.
 }
review-said-class = { $mails ->
    [one] Klasse von { $mails } Mail berichtigt.
   *[other] Klasse von { $mails } Mails berichtigt.
 }
review-said-left = { $mails ->
    [one] { $mails } Mail bleibt, wie sie ist.
   *[other] { $mails } Mails bleiben, wie sie sind.
 }
review-said-gone = { NUMBER($mails) } nicht mehr da: Es wurde nichts getan.
review-said-settled = { NUMBER($mails) } schon entschieden: Es wurde nichts getan.
review-said-more = { $mails ->
    [one] { $mails } weitere passt; wiederholen Sie es für diese.
   *[other] { $mails } weitere passen; wiederholen Sie es für diese.
 }
review-said-put-back = Zurückholen

## pages/rules

rules-title = Regeln
rules-new = Neue Regel
rules-lead = Treffen mehrere auf eine Mail zu, gilt die erste. Was Sie ausführen, wird vorher gezeigt; was von selbst läuft, tut nur, was sich genau rückgängig machen lässt. Alles lässt sich rückgängig machen.
rules-none = Noch keine Regeln
rules-none-text = Eine Regel besteht aus einer Suche, einer Klasse, einem Alter oder Absendern und dem, was mit diesen Mails geschehen soll. Bevor sie etwas tun darf, wird sie an den letzten 90 Tagen getestet: Sie sehen, was sie getan hätte und wie oft Sie dasselbe getan haben.
rules-first = Die erste schreiben
rules-keys-next = weiter
rules-keys-back = zurück
rules-keys-new = neu
rules-keys-change = ändern
rules-keys-test = testen
rules-keys-run = ausführen
rules-keys-switch = ein- oder ausschalten
rules-keys-up = nach oben
rules-keys-down = nach unten
rules-progress = { $looked }. Verändert wird dabei nichts.
rules-test = Test mit vergangenen Mails
rules-test-at = Die letzten 90 Tage, getestet: { $when }
rules-test-dial = Handeln, wo sie zu mindestens { NUMBER($percent) } % sicher ist
rules-test-dial-touches = { NUMBER($percent) } %: { $mails ->
    [one] { $mails } Mail betroffen
   *[other] { $mails } Mails betroffen
 }
rules-test-take = { NUMBER($percent) } % nehmen
rules-test-hit = Geschützte Mails, die sie getroffen hätte und in Ruhe lässt
rules-test-unknown = Was sich so nicht wissen lässt
rules-test-nothing = Sie hätte nichts angerührt.
rules-test-agreed = { $mails ->
    [one] Sie hätte { $mails } Mail angerührt. Soweit bekannt ist, was daraus wurde, geschah in { NUMBER($percent) } % der Fälle dasselbe.
   *[other] Sie hätte { $mails } Mails angerührt. Soweit bekannt ist, was daraus wurde, geschah in { NUMBER($percent) } % der Fälle dasselbe.
 }
rules-test-not-known = { $mails ->
    [one] Sie hätte { $mails } Mail angerührt; was Sie mit ihr wollten, ist nicht bekannt.
   *[other] Sie hätte { $mails } Mails angerührt; was Sie mit ihnen wollten, ist nicht bekannt.
 }
rules-test-same = sind so, wie die Regel sie hinterlassen hätte
rules-test-left = wurden gelesen und liegen gelassen
rules-test-unread = liegen ungeöffnet da
rules-test-otherwise = wurden anders behandelt
rules-test-protected = geschützt, also in Ruhe gelassen
rules-test-unsure = nicht sicher genug
rules-test-other = von anderer Klasse
rules-card-on = Ein
rules-card-off = Aus
rules-card-paused = Von selbst pausiert
rules-card-paused-text = Drei ihrer Läufe wurden rückgängig gemacht, darum hat sie sich selbst pausiert. Sehen Sie nach, was sie sagt, und schalten Sie sie dann wieder ein.
rules-card-test-old = Die Regel sagt jetzt etwas anderes. Testen Sie sie noch einmal.
rules-card-waits = Ein Lauf wartet auf Sie. { $why }
rules-card-waits-look = Ansehen
rules-card-next = Nächster Lauf: { $when }.
rules-card-sign-in = Der Mailserver hat die Anmeldung abgelehnt, darum läuft sie nicht von selbst. Verbinden Sie das Konto neu, oder führen Sie sie einmal von Hand aus.
rules-card-last = Zuletzt: { $when }.
rules-card-switch-on = Einschalten
rules-card-switch-off = Ausschalten
rules-card-run = Jetzt ausführen …
rules-card-test = Testen
rules-card-show-test = Test anzeigen
rules-card-hide-test = Test ausblenden
rules-card-change = Ändern
rules-card-up = Nach oben
rules-card-down = Nach unten
rules-card-delete = Löschen
rules-card-delete-really = Wirklich löschen
rules-form = Regel
rules-form-name = Wie Sie sie nennen
rules-form-name-hint = Newsletter nach einer Woche
rules-form-classes = Mails, die laut Modell auf diesem Server sind:
rules-form-days = Mindestens so viele Tage alt
rules-form-senders = Von (Adressen oder Domains)
rules-form-search = Und über diese Suche zu finden
rules-form-deed = Was mit ihnen geschehen soll
rules-form-most = Ohne Rückfrage höchstens so viele Mails
rules-form-timing = Sie läuft
rules-form-day = Am
rules-form-hour = Um
rules-form-clock = { $hour }:00 Uhr
rules-form-inbox = Was archiviert oder verschoben werden soll, wird im Posteingang gesucht, wenn die Suche nicht sagt, wo. Eine Regel, die etwas Neues sagt, ist ausgeschaltet, bis sie getestet wurde.
rules-form-by-itself = Von selbst tut sie nur, was sich genau rückgängig machen lässt; mehr Mails als angegeben warten als Entwurf auf Sie. Mails von vor dem Einschalten gelten nicht als neu.
rules-form-zone = Die Uhrzeit gilt in der Zeitzone { $zone }.

## pages/senders

senders-who = Wer dieses Postfach füllt
senders-by = Zusammengefasst nach
senders-by-sender = Absender
senders-by-list = Listen
senders-by-domain = Domains
senders-by-year = Jahre
senders-by-size = Größen
senders-order = Reihenfolge
senders-order-mails = Die meisten Mails
senders-order-unread = Die meisten ungelesenen
senders-order-share = Am wenigsten gelesen
senders-order-bytes = Die größten
senders-order-latest = Die neuesten
senders-order-name = Name
senders-update = Auf den neuesten Stand bringen
senders-groups = { $by ->
    [list] { $groups ->
        [one] { $groups } Liste
       *[other] { $groups } Listen
    }
    [domain] { $groups ->
        [one] { $groups } Domain
       *[other] { $groups } Domains
    }
    [year] { $groups ->
        [one] { $groups } Jahr
       *[other] { $groups } Jahre
    }
    [size] { $groups ->
        [one] { $groups } Größe
       *[other] { $groups } Größen
    }
   *[sender] { $groups ->
        [one] { $groups } Absender
       *[other] { $groups } Absender
    }
 }
senders-sum = { $mails } · { $size } · { $groups }. Ohne Papierkorb und Spam.
senders-sum-first = { $mails } · { $size } · { $groups }, hier die ersten { NUMBER($shown) }. Ohne Papierkorb und Spam.
senders-picked = Was ausgewählt ist
senders-too-many = So viele passen in keine Suche mehr. Nehmen Sie weniger auf einmal.
senders-about-to-read = Gleich werden die Kopfzeilen gelesen. Verändert wird dabei nichts.
senders-not-all = Nicht alle Kopfzeilen ließen sich lesen.
senders-read = Gelesene Kopfzeilen
senders-reading = Kopfzeilen werden gelesen: { $mails ->
    [one] { $mails } Mail
   *[other] { $mails } Mails
 }
senders-reading-of = Kopfzeilen werden gelesen: { NUMBER($read) } von { $mails ->
    [one] { $mails } Mail
   *[other] { $mails } Mails
 }
senders-mark-read = Als gelesen markieren
senders-unsubscribe = Abbestellen …
senders-archive = Archivieren
senders-trash = In den Papierkorb
senders-none = Hier ist noch nichts.
senders-nobody = Ohne Absender
senders-show-these = Diese Mails anzeigen
senders-list-mail = Listenmail
senders-still-comes = abbestellt: { $date }, kommt trotzdem
senders-still-comes-why = Die Abbestellung liegt mehr als zehn Tage vor der letzten Mail. Archivieren Sie solche Mails stattdessen mit einer Regel, oder legen Sie sie damit in den Papierkorb.
senders-rule = Regel anlegen …
senders-unsubscribed = abbestellt: { $date }
senders-unsubscribed-why = Zehn Tage lang können noch Mails kommen.
senders-asked = angefragt: { $date }, keine Antwort
senders-asked-why = Warten Sie zehn Tage: Vielleicht ist es abbestellt, vielleicht nicht.
senders-all-read = alle gelesen
senders-none-read = keine gelesen
senders-unread = { NUMBER($percent) } % ungelesen

## pages/sign_in

sign-in-signed-out = Sie sind abgemeldet
sign-in-title = Bei Bulkhead anmelden
sign-in-ended = Ihre Sitzung ist abgelaufen. Melden Sie sich wieder an, um dort weiterzumachen, wo Sie waren. Laufende Aufträge laufen von selbst weiter.
sign-in-jobs-go-on = Laufende Aufträge laufen von selbst weiter.
sign-in-elsewhere = Sie melden sich auf einer eigenen Seite an und kommen dann hierher zurück.
sign-in-moment = Einen Moment …
sign-in-submit = Anmelden
sign-in-under-way = Wird angemeldet …
sign-in-printed = Beim Start hat der Server in seinem Terminal eine Adresse ausgegeben, die einmal gilt. Öffnen Sie sie oder fügen Sie sie hier ein. Auch das Token lässt sich einfügen.
sign-in-token = Adresse oder Token
sign-in-token-place = Im Datenordner des Servers steht das Token in der Datei

## state/archive

archive-broken = Das ist kein vollständiges Zip-Archiv.
archive-link = „{ $path }“ im Archiv ist ein Verweis und keine Datei.
archive-locked = Das Archiv ist mit einem Passwort geschützt.
archive-twice = Im Archiv gibt es zwei Dateien „{ $name }“.
archive-many = Im Archiv sind mehr als { NUMBER($most) } Dateien.
archive-heavy = Die Dateien im Archiv haben mehr als { NUMBER($most) } MB.
archive-empty = Im Archiv ist keine Datei.
archive-too-large = Das Archiv ist zu groß: höchstens { NUMBER($most) } Dateien.
archive-leads-out = „{ $path }“ führt aus dem Archiv hinaus.
archive-packing = auf eine Art gepackt, die hier nicht bekannt ist ({ $method }).

## state/attaching

attaching-wrong = „{ $name }“: { $why }
attaching-empty = „{ $name }“ ist leer.
attaching-bytes = { $bytes ->
    [one] { $bytes } Byte
   *[other] { $bytes } Bytes
 }
attaching-kilobytes = { NUMBER($kilobytes) } KB
attaching-megabytes = { $megabytes } MB

## state/batch

## state/callback

callback-denied = Sie wurden nicht hereingelassen.
callback-denied-cure = Wer die Anmeldung betreut, muss Sie zulassen; oder nehmen Sie einen anderen Namen.
callback-mismatch = Das war nicht die Antwort auf die Anmeldung in diesem Tab.
callback-mismatch-cure = Vielleicht ist die Seite alt, oder die Anmeldung begann in einem anderen Tab. Angemeldet wurde niemand.
callback-refused = Die Anmeldung hat diese App abgewiesen.
callback-refused-cure = Vielleicht hilft ein neuer Versuch. Wenn nicht, ist die App nicht richtig eingerichtet.
callback-unreachable-cure = Vielleicht läuft sie gerade nicht, oder die Verbindung ist weg. Versuchen Sie es gleich noch einmal.
callback-insecure = Zum Anmelden braucht es eine sichere Verbindung.
callback-insecure-cure = Öffnen Sie diese Seite unter einer Adresse, die mit https beginnt.
callback-not-kept = Dieser Browser behält nichts von dieser Seite.
callback-not-kept-cure = Zum Anmelden braucht es ein Cookie und etwas Speicher. Erlauben Sie beides für diese Adresse in den Einstellungen des Browsers und melden Sie sich noch einmal an.
callback-used-up = Diese Adresse lässt niemanden ein.
callback-used-up-cure = Eine Adresse gilt einmal, eine Stunde lang, bis der Server neu gestartet wird. Fügen Sie das Token ein, oder starten Sie den Server neu: Er nennt dann eine neue Adresse.

## state/chips

chips-unread = Ungelesen
chips-lists = Newsletter und Listen
chips-starred = Mit Stern
chips-attachment = Mit Anhang
chips-old = Älter als ein Jahr
chips-new = Letzte 30 Tage
chips-large = Größer als 1 MB

## state/cleaned

## state/completion

## state/compose

compose-no-recipients = Sagen Sie, wer die Mail bekommt.
compose-no-address = Wählen Sie die Spalte mit den Adressen.
compose-no-sender = Sagen Sie, wer sie sendet.
compose-no-subject = Schreiben Sie einen Betreff.
compose-no-file-column = Wählen Sie die Spalte, die die Dateien nennt.
compose-no-text = Schreiben Sie einen Text.
compose-too-much = Das ist zu viel für einen Auftrag, der 10.000 Empfänger und 2 MB fasst: Teilen Sie die Datei.
compose-wrong = { $field }: { $why }
compose-field-from = Von
compose-field-reply-to = Antwort an
compose-field-subject = Betreff
compose-field-text = Text
compose-field-html = HTML
compose-field-attachments = Anhänge
compose-field-files = Dateien
compose-field-unsubscribe = Abbestellen
compose-field-hold = Bedenkzeit in Sekunden
compose-field-rows = Zeilen

## state/connect_form

connect-form-no-dav-server = Nennen Sie den Server oder die Adresse des Adressbuchs.
connect-form-no-sign-in = Nennen Sie Benutzer und Passwort.
connect-form-no-organisation = Nennen Sie die Organisation.
connect-form-no-application = Nennen Sie die ID der Anwendung.
connect-form-no-certificate = Fügen Sie das Zertifikat ein.
connect-form-no-private-key = Fügen Sie den privaten Schlüssel ein.
connect-form-port = Der Port ist eine Zahl von 1 bis 65535.
connect-form-no-mail-server = Nennen Sie den Mailserver.
connect-form-no-user = Nennen Sie den Benutzer.
connect-form-sending-port = Der Port zum Senden ist eine Zahl von 1 bis 65535.
connect-form-no-password = Nennen Sie das Passwort.
connect-form-no-token-endpoint = Nennen Sie den Token-Endpunkt.
connect-form-no-client-id = Nennen Sie die Client-ID.
connect-form-no-refresh-token = Nennen Sie das Refresh-Token.

## state/contact_file

contact-file-empty = In dieser Datei ist kein Kontakt.
contact-file-nothing = Aus dieser Datei lässt sich nichts hinzufügen.
contact-file-too-much = Das ist zu viel für einen Auftrag, der 10.000 Kontakte und 2 MB fasst: Teilen Sie die Datei, oder lassen Sie die Fotos weg.
contact-file-twice = Die ID ist dieselbe wie bei Nummer { NUMBER($number) }.
contact-file-unreadable = Der Zeichensatz ist nicht bekannt.
contact-file-no-cards = Das ist keine Datei mit vCards: { $why }.
contact-file-no-table = Das ist keine Tabelle mit Kontakten: { $why }.

## state/families

## state/filters

## state/gathered

## state/items_view

items-view-as-worked = Wie bearbeitet
items-view-name = Name
items-view-latest = Neueste zuerst
items-view-outcome = Ergebnis

## state/job_view

job-view-in-work = In Arbeit
job-view-waiting = Wartend

## state/known_jobs

## state/lease

## state/leaving

## state/open_drafts

## state/options_form

options-form-no-number = Diese Zahl ist hier nicht möglich.

## state/pace

## state/palette

## state/picked_groups

## state/picks

## state/preview_rows

preview-rows-all = Alle
preview-rows-first-three = Erste drei
preview-rows-longest = Längste
preview-rows-warnings = Warnungen

## state/recipients

## state/rows

## state/rule_form

rule-form-archive = Archivieren
rule-form-trash = In den Papierkorb
rule-form-move = In einen Ordner verschieben
rule-form-label = Label
rule-form-mark-read = Als gelesen markieren
rule-form-mark-unread = Als ungelesen markieren
rule-form-star = Stern setzen
rule-form-unstar = Stern entfernen
rule-form-asks-folder = Ordner
rule-form-by-hand = Wenn ich es sage
rule-form-new-mail = Wenn neue Mail kommt
rule-form-hourly = Jede Stunde
rule-form-daily = Jeden Tag
rule-form-weekly = Jede Woche
rule-form-days = Schreiben Sie eine ganze Zahl von Tagen oder nichts.
rule-form-most = Schreiben Sie eine ganze Zahl von Mails.

## state/rule_of

## state/suggestions

## state/table

table-of-sheet = { $file }, Blatt „{ $sheet }“
table-of-one-sheet = { $file }, Blatt „{ $sheet }“ (die anderen Blätter wurden nicht gelesen)
table-pasted = was eingefügt wurde
table-picked = was ausgewählt wurde

## state/taken_back

## state/test_dial

## state/under_way
