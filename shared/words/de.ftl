### Was an mehr als einer Stelle gesagt wird, auf Deutsch.
###
### Wörter: mail = Mail, mailbox = Postfach, folder = Ordner, label = Label, sender = Absender, contact = Kontakt,
### recipient = Empfänger, draft = Entwurf, job = Auftrag, preview = Vorschau, undo = rückgängig machen,
### trash = Papierkorb, archive = archivieren, unsubscribe = abbestellen, rule = Regel, suggestion = Vorschlag,
### newsletter = Newsletter, account = Konto, server = Server, search = Suche, history = Verlauf.
### Die App spricht Menschen mit „Sie“ an und nennt sich selbst nicht.

## kinds

kind-mail = Mail
kind-mail-many = Mails
kind-contact = Kontakt
kind-contact-many = Kontakte
kind-mailbox = Postfach
kind-mailbox-many = Postfächer
kind-recipient = Empfänger
kind-recipient-many = Empfänger
kind-mail-home = Postfach
kind-contact-home = Adressbuch
kind-mailbox-home = Verzeichnis
kind-recipient-home = Empfängerliste
kind-mail-everything = jede Mail außerhalb von Papierkorb und Spam
kind-contact-everything = jeder Kontakt
kind-mailbox-everything = jedes Postfach, aktiv oder inaktiv
kind-recipient-everything = jeder Empfänger
mail-inbox = Posteingang
mail-no-subject = (kein Betreff)

mailbox-address-empty = ist leer; eine Adresse sieht aus wie ann@example.com
mailbox-address-at = ist keine Adresse; sie sieht aus wie ann@example.com, mit einem „@“
mailbox-address-letter = enthält „{ $letter }“, das in keiner Adresse steht; sie sieht aus wie ann@example.com
mailbox-address-domain = nennt hinter dem „@“ keine Domain; eine Adresse sieht aus wie ann@example.com
mailbox-address-dots = hat einen Punkt, wo keiner stehen darf; eine Adresse sieht aus wie ann.lee@example.com
mailbox-address-long = ist länger, als eine Adresse sein darf: 64 Zeichen vor dem „@“ und 254 insgesamt
mailbox-address-several = nennt mehrere Adressen; in eine Zeile gehört eine

mailbox-moment = %-d.%-m.%Y, %H:%M UTC
blocker-no-right = Wer angemeldet ist, darf das nicht.
blocker-no-such-source = Das Verzeichnis kennt kein Postfach mit dieser GUID.
blocker-not-inactive = Die Quelle ist in Gebrauch: Sie wurde nicht gelöscht.
blocker-retention-over = Die Quelle wurde bis { $until } aufbewahrt; sie kann jederzeit verschwinden.
blocker-on-hold = Die Quelle unterliegt einer Sperre oder einer gesetzlichen Aufbewahrung.
blocker-target-exists = Ein Postfach mit diesem Anmeldenamen gibt es schon.
blocker-address-taken = Die Adresse gehört { $by }.
blocker-no-such-target = Das Verzeichnis kennt kein solches Ziel.
blocker-target-inactive = Das Ziel ist selbst gelöscht.
blocker-same-mailbox = Quelle und Ziel sind dasselbe Postfach.
blocker-over-quota = Die Quelle hat { $needed }, und im Kontingent des Ziels sind noch { $left } frei.
blocker-rule-unsupported = Dieses Verzeichnis kann nicht nach „{ $rule }“ wiederherstellen.
blocker-same-source = Zeile { $row } nennt dieselbe Quelle.
blocker-same-target = Zeile { $row } will dasselbe Ziel.

blocker-cure-no-right = Verbinden Sie das Verzeichnis mit einem Administrator, der das darf.
blocker-cure-no-such-source = Wählen Sie das Postfach aus der Liste der inaktiven oder schlagen Sie seine GUID noch einmal nach.
blocker-cure-not-inactive = Nehmen Sie die Zeile heraus oder wählen Sie das inaktive Postfach, das Sie meinen.
blocker-cure-retention-over = Fragen Sie nach einer Sicherung und ziehen Sie diese Zeile vor, falls es noch da ist.
blocker-cure-on-hold = Stellen Sie seinen Inhalt in einem anderen Postfach wieder her, dann bleibt die Sperre bestehen, oder lassen Sie die Sperre aufheben.
blocker-cure-target-exists = Stellen Sie den Inhalt in diesem Postfach wieder her oder geben Sie der Zeile einen anderen Anmeldenamen.
blocker-cure-address-taken = Geben Sie der Zeile eine andere Adresse oder machen Sie diese zuerst frei.
blocker-cure-no-such-target = Berichtigen Sie das Ziel oder reaktivieren Sie das Postfach als neues.
blocker-cure-target-inactive = Reaktivieren Sie zuerst das Ziel oder nennen Sie ein anderes.
blocker-cure-same-mailbox = Nennen Sie ein anderes Ziel oder reaktivieren Sie das Postfach.
blocker-cure-over-quota = Erhöhen Sie das Kontingent des Ziels oder schaffen Sie dort Platz.
blocker-cure-rule-unsupported = Wählen Sie eine der Regeln, nach denen es wiederherstellen kann.
blocker-cure-same-source = Nehmen Sie eine der beiden Zeilen heraus.
blocker-cure-same-target = Geben Sie einer der beiden Zeilen ein anderes Ziel.

conflict-keep-target = was das Ziel schon hat, bleibt, wie es ist
conflict-keep-source = die Nachrichten der Quelle ersetzen die des Ziels
conflict-keep-newer = von je zweien bleibt die neuere
conflict-keep-both = beide bleiben erhalten

guid-number = ist eine Zahl, die eine Tabellenkalkulation aus einer ID gemacht hat; formatieren Sie die Spalte als Text und tragen Sie die ID neu ein
guid-sheet-error = ist ein Fehlerwert einer Tabellenkalkulation und keine ID; schlagen Sie die ID noch einmal nach
guid-digits = hat { $digits } Ziffern; eine GUID hat 32, etwa 3f2504e0-4f89-41d3-9a0c-0305e82c3301
guid-other = ist keine GUID; sie sieht aus wie 3f2504e0-4f89-41d3-9a0c-0305e82c3301
guid-cleaned-braces = Klammern entfernt
guid-cleaned-no-dashes = Bindestriche eingefügt
guid-cleaned-blanks = Leerzeichen entfernt
guid-cleaned-hyphens = Bindestriche vereinheitlicht
guid-cleaned-quotes = Anführungszeichen entfernt

rows-about-source = Die GUID des inaktiven Postfachs.
rows-about-upn = Womit sich die Person anmeldet.
rows-about-smtp = Die Adresse, von der Mails gesendet werden; wenn leer, der Anmeldename.
rows-about-display-name = Der Name, den andere sehen.
rows-about-first-name = Der Vorname.
rows-about-last-name = Der Nachname.
rows-about-department = Die Abteilung.
rows-about-company = Die Firma.
rows-about-target = Das aktive Postfach, in das der Inhalt kommt: seine GUID oder sein Anmeldename.
rows-about-folder = Der Ordner des Ziels, in den alles kommt; wenn leer, jede Nachricht in den Ordner, in dem sie war.
rows-about-conflict = Was aus Nachrichten wird, die in beiden sind: keep_target, keep_source, keep_newer oder keep_both.
rows-name-long = hat mehr als 256 Zeichen
rows-control = enthält einen Zeilenumbruch oder ein Steuerzeichen
rows-name-sheet-error = ist ein Fehlerwert einer Tabellenkalkulation; schlagen Sie den Namen noch einmal nach
rows-name-empty = ist leer; tragen Sie den Namen ein, den andere sehen sollen
rows-target-sheet-error = ist ein Fehlerwert einer Tabellenkalkulation; schlagen Sie das Postfach noch einmal nach
rows-folder-long = hat mehr als 500 Zeichen
rows-folder-nameless = nennt einen Ordner ohne Namen; ein Pfad sieht aus wie Restored/2025
rows-no-rule = ist keine Regel; es gibt keep_target, keep_source, keep_newer und keep_both
rows-source-itself = ist die Quelle selbst; nennen Sie das Postfach, in das ihr Inhalt kommen soll
rows-source-empty = ist leer; tragen Sie die GUID des inaktiven Postfachs ein
rows-address-sheet-error = ist ein Fehlerwert einer Tabellenkalkulation; schlagen Sie die Adresse noch einmal nach
rows-too-many-cells = Die Zeile hat { $cells } Zellen unter { $columns } Spalten.
rows-unknown-column = „{ $column }“ ist keine der Spalten.
rows-no-row = Eine Zeile ist eine Liste von Zellen oder ein Objekt mit Spalten.

mailbox-search-unknown = Postfächer haben kein „{ $word }“. Man findet sie durch Wörter aus Name oder Adresse, in:inactive, in:active, before:, after:, larger: und smaller:.
mailbox-example-word = Postfächer mit diesem Wort in Name, Adresse, Abteilung oder Firma
mailbox-example-inactive = gelöscht und aufbewahrt; in:active für die in Gebrauch
mailbox-example-dates = ab diesem Monat gelöscht und vor jenem
mailbox-example-age = in den letzten dreißig Tagen gelöscht
mailbox-example-size = größer als ein Gigabyte; auch smaller:

sheet-same-source = { $column } „{ $value }“: Zeile { $row } (in der Datei { $line }) nennt dasselbe Postfach; nehmen Sie eine der beiden heraus.
sheet-same-target = { $column } „{ $value }“: Zeile { $row } (in der Datei { $line }) will dasselbe Ziel; nehmen Sie eine der beiden heraus.
sheet-same-restoration = { $column } „{ $value }“: Zeile { $row } (in der Datei { $line }) stellt dasselbe Postfach hier wieder her; nehmen Sie eine der beiden heraus.

## operations (mail)

draft-reply-label = Antwort entwerfen
draft-reply-order = Antworten entwerfen: { $items }
draft-reply-report = { $items } mit einem Entwurf beantwortet
draft-reply-text = Text
draft-reply-text-hint = Er kann {"{{"} name {"}}"}, {"{{"} first_name {"}}"}, {"{{"} address {"}}"}, {"{{"} subject {"}}"} und {"{{"} date {"}}"} der Mail nennen. Was er beantwortet, wird darunter zitiert.
draft-reply-template = Gespeicherte Vorlage
draft-reply-template-hint = Statt eines Textes der Name einer Vorlage, die Sie unter „Verfassen“ gespeichert haben.
draft-reply-instruction = Vom Modell geschrieben: was es sagen soll
draft-reply-instruction-hint = Statt eines Textes: Das gewählte Modell schreibt jede Antwort neu, in die Entwürfe. Es bekommt den Anfang jeder Mail, und das kostet Tokens.
draft-reply-language = Sprache des Modells
draft-reply-as-mail = Wie die Mail
draft-reply-as-mail-text = Jede in der Sprache, in der sie gefragt wird.
draft-reply-english = Englisch
draft-reply-german = Deutsch
draft-reply-both = Geben Sie einen Text, eine gespeicherte Vorlage oder eine Anweisung an, nur eines davon.
draft-reply-neither = Geben Sie einen Text an, den Namen einer gespeicherten Vorlage oder eine Anweisung für das Modell.
draft-reply-empty = Darf nicht leer sein.
draft-reply-too-long = Hat höchstens { $bytes } Bytes.
process-reply = Antwort auf Mails, die eine erwarten
operation-no-rows = Dieser Vorgang nimmt keine Zeilen.
operation-many-move = Viele Elemente wechseln auf einmal ihren Platz.
operation-is-text = „{ $header }“ muss ein Text sein.

undo-label = Rückgängig machen
undo-order = { $items } zurücksetzen
undo-report = { $items } zurückgesetzt
undo-of-a-job = Rückgängig gemacht wird ein Auftrag: POST /api/v1/jobs/{ "{job}" }/undo.

archive-label = Archivieren
archive-order = { $items } archivieren
archive-report = { $items } archiviert

classify-label = Klassifizieren
classify-order = { $items } klassifizieren
classify-report = { $items } klassifiziert

export-label = Exportieren
export-order = { $items } exportieren
export-order-as = { $items } als { $format } exportieren
export-report = { $items } exportiert
export-format = Format
export-mails-hint = Am Postfach ändert sich nichts. Die Datei laden Sie beim Auftrag herunter.
export-mails-mbox = Ganze Nachrichten mit Anhängen, für Mailprogramme
export-mails-csv = Eine Zeile mit Kopfdaten je Mail, für Tabellenkalkulationen
export-mails-json = Dasselbe als Objekte, für Programme

label-label = Labels
label-order = Labels von { $items } ändern
label-order-add = { $items } mit { $labels } versehen
label-order-remove = { $labels } von { $items } entfernen
label-order-both = { $items } mit { $add } versehen, { $remove } entfernen
label-report = Labels von { $items } geändert
label-new = Neues Label
label-quoted = „{ $label }“
label-none = Nennen Sie mindestens ein Label, das gesetzt oder entfernt werden soll.
label-too-many = Höchstens { $most } Labels in einem Auftrag.
label-both = „{ $label }“ soll zugleich gesetzt und entfernt werden.
label-length = Ein Label hat 1 bis { $most } Zeichen.
label-start = „{ $label }“: Ein Label beginnt nicht mit \ oder $.
label-character = „{ $label }“: Das Zeichen { $character } kann nicht in einem Label stehen; Buchstaben, Ziffern und - _ . / schon.

mark-read-label = Als gelesen markieren
mark-read-order = { $items } als gelesen markieren
mark-read-report = { $items } als gelesen markiert
mark-unread-label = Als ungelesen markieren
mark-unread-order = { $items } als ungelesen markieren
mark-unread-report = { $items } als ungelesen markiert

move-label = Verschieben
move-order = { $items } verschieben
move-order-to = { $items } nach „{ $folder }“ verschieben
move-report = { $items } verschoben
move-report-to = { $items } nach „{ $folder }“ verschoben
move-folder = Ordner
move-folder-length = Der Name eines Ordners hat 1 bis { $most } Bytes.
move-folder-control = Der Name eines Ordners enthält keine Steuerzeichen.

process-label = Verarbeiten
process-order = Vorschläge für { $items } machen
process-order-act = Vorschläge für { $items } machen und ausführen, was sicher ist
process-report = { $items } durchgesehen
process-certainty = Wie sicher
process-certainty-hint = Was weniger sicher ist, bleibt für Sie zum Ansehen.
process-as-set = Wie eingestellt
process-as-set-text = Wie Sie es unter „Zu prüfen“ einstellen; bis dahin 90 %
process-90-text = In neun von zehn Fällen richtig
process-95-text = Weniger Vorschläge, davon weniger falsche
process-80-text = Mehr Vorschläge, davon mehr falsche
process-then = Was so sicher ist
process-then-hint = Nie geschieht etwas, das sich nicht genau rückgängig machen lässt.
process-wait = Wartet auf Sie
process-wait-text = Alle Vorschläge stehen dann unter „Zu prüfen“, und an keiner Mail ändert sich etwas
process-act = Wird ausgeführt
process-act-text = Durch Aufträge, die von selbst beginnen, wenn dieser endet, jeder rückgängig zu machen
process-act-risk = Was so sicher ist, wie Sie verlangen, geschieht ohne weitere Frage.
process-no-class = Keine bekannte Klasse
process-starred = Sie hat einen Stern.
process-answered = Sie haben sie beantwortet.
process-labelled = Sie hat ein Label.
process-own = Sie haben sie selbst geschrieben.

star-label = Stern setzen
star-order = { $items } mit Stern markieren
star-report = { $items } mit Stern markiert
unstar-label = Stern entfernen
unstar-order = Stern von { $items } entfernen
unstar-report = Stern von { $items } entfernt

trash-label = In den Papierkorb
trash-order = { $items } in den Papierkorb verschieben
trash-report = { $items } in den Papierkorb verschoben
trash-risk-many = Viele Mails kommen in den Papierkorb, den viele Server nach 30 Tagen leeren.
trash-risk = Viele Server leeren den Papierkorb nach 30 Tagen.

unsubscribe-label = Abbestellen
unsubscribe-list = { $number } Liste
unsubscribe-lists = { $number } Listen
unsubscribe-order = { $lists } abbestellen
unsubscribe-report = { $lists } gebeten, nicht mehr zu schreiben
unsubscribe-risk = Eine Abbestellung lässt sich nicht zurückholen: Wer die Mails wieder will, muss die Liste neu abonnieren.

## operations (contact)

check-contacts-label = Prüfen
check-contacts-order = { $items } prüfen
check-contacts-report = { $items } geprüft
check-contacts-unreadable = Das ist keine vCard.
check-contacts-unreachable = Weder E-Mail-Adresse noch Telefonnummer.
check-contacts-wrong-address = „{ $address }“ ist keine E-Mail-Adresse.
check-contacts-nameless = Kein Name.

create-contacts-label = Hinzufügen
create-contacts-order = { $items } hinzufügen
create-contacts-report = { $items } hinzugefügt
create-contacts-no-card = Keine vCard: { $error }.
create-contacts-no-contact = Kein Kontakt: { $error }.
create-contacts-no-row = Eine Zeile ist eine vCard als Text oder ein Objekt mit Spalten.

delete-contacts-label = Löschen
delete-contacts-order = { $items } löschen
delete-contacts-report = { $items } gelöscht
delete-contacts-risk = Auf dem Server sind sie weg; nur Rückgängigmachen bringt sie zurück, solange es aufbewahrt wird.

export-contacts-hint = Am Adressbuch ändert sich nichts. Die Datei laden Sie beim Auftrag herunter.
export-contacts-4 = Ganze Karten, für heutige Programme
export-contacts-3 = Ganze Karten, für Telefone und ältere Programme
export-contacts-csv = Eine Zeile je Kontakt, für Tabellenkalkulationen; ohne Fotos und was sonst keine Spalte hat

merge-contacts-label = Duplikate zusammenführen
merge-contacts-order = { $items } als Duplikate löschen
merge-contacts-report = { $items } zusammengeführt
merge-contacts-risk = Eine Kontaktgruppe, die einen davon mit seiner UID aufführt, führt den verbleibenden nicht auf.

update-contacts-label = Bearbeiten
update-contacts-order = { $items } bearbeiten
update-contacts-report = { $items } bearbeitet
update-contacts-organisation = Organisation
update-contacts-organisation-hint = Was leer bleibt, ändert sich nicht.
update-contacts-title = Position
update-contacts-add = In Kategorien aufnehmen
update-contacts-remove = Aus Kategorien entfernen
update-contacts-remove-hint = Mehrere werden durch Kommas getrennt.
update-contacts-prefix = Anfang von Telefonnummern
update-contacts-domain = Domain von E-Mail-Adressen
update-contacts-note = Notiz
update-contacts-note-hint = Ersetzt die vorhandene Notiz.
update-contacts-nothing = Geben Sie an, was geändert werden soll.
update-contacts-both = „{ $name }“ soll zugleich hinzugefügt und entfernt werden.

## operations (mailbox)

mailboxes-columns = Höchstens { $most } Spalten mit Namen von { $bytes } Bytes.
mailboxes-headers = Falsche Überschriften: { $faults }.

export-mailboxes-order = Angaben über { $items } als { $format } exportieren
export-mailboxes-hint = Es ändert sich nichts. Die Datei laden Sie beim Auftrag herunter.
export-mailboxes-csv = Eine Zeile je Postfach, für Tabellenkalkulationen
export-mailboxes-json = Ein Objekt je Postfach, für Programme

recover-mailboxes-label = Reaktivieren
recover-mailboxes-order = { $items } reaktivieren
recover-mailboxes-report = { $items } reaktiviert
recover-mailboxes-risk-active = Ihre Inhaber können sich wieder anmelden, Mails kommen an, und es können Lizenzen nötig sein.
recover-mailboxes-risk-back = Rückgängig gemacht sind sie wieder inaktiv, mit allem, was seither kam, und ihre Aufbewahrungsfrist beginnt neu.

restore-mailboxes-label = Wiederherstellen
restore-mailboxes-order = { $items } wiederherstellen
restore-mailboxes-report = { $items } wiederhergestellt
restore-mailboxes-risk = In den Postfächern tauchen Nachrichten auf, die vorher nicht da waren.
restore-mailboxes-risk-replaced = Nachrichten der Ziele werden ersetzt.

validate-mailboxes-label = Prüfen
validate-mailboxes-order = { $items } prüfen
validate-mailboxes-report = { $items } geprüft

## operations (recipient)

attached-no-cell = Diese Zeile hat keine solche Zelle.
attached-empty = Die Zelle ist leer: Sie muss die Datei nennen, die mitgeht.
attached-unknown = Eine Datei „{ $name }“ wurde nicht hochgeladen.
attached-unknown-meant = Eine Datei „{ $name }“ wurde nicht hochgeladen. Es gibt eine namens „{ $file }“.
attached-already = „{ $name }“ geht schon mit jeder Mail mit.

bulk-send-label = Senden
bulk-send-order = Mail an { $items } senden
bulk-send-report = An { $items } gesendet
bulk-send-from = Von
bulk-send-subject = Betreff
bulk-send-text = Text
bulk-send-nothing = Schreiben Sie einen Text oder HTML.
bulk-send-file-column = Geben Sie an, welche Spalte die Dateien nennt.
bulk-send-hold = Die Wartezeit beträgt 0 bis { $most } Sekunden; nennen Sie für später einen Zeitpunkt.
bulk-send-risk = Eine gesendete Mail lässt sich nicht zurückholen.
bulk-send-unsubscribe = Muss eine Adresse sein oder eine Seite, deren Adresse mit https:// beginnt.
nothing-in-it = Es steht nichts darin.
bulk-send-too-long = Höchstens { $most } Bytes.

recipient-cell-fault = „{ $column }“: { $message }
recipient-no-row = Eine Zeile ist ein Objekt mit Spalten.
recipient-no-column = Es gibt keine Spalte „{ $column }“ mit einer Adresse.
recipient-row-bytes = Eine Zeile hat höchstens { $most } Bytes.
recipient-no-cell = Eine Zelle ist ein Text oder eine Zahl.
recipient-name-control = Ein Name enthält keine Zeilenumbrüche und keine anderen Steuerzeichen.
recipient-name-long = Ein Name hat höchstens { $most } Bytes.

## outcome

outcome-nobody-to-answer = Sie nennt keine Adresse, die Antworten annimmt.
outcome-of-a-list = Sie kam über eine Liste, dafür wird keine Antwort entworfen.
outcome-of-a-program = Ein Programm hat sie geschrieben, dafür wird keine Antwort entworfen.
outcome-own-mail = Sie haben sie selbst geschrieben.
outcome-already-done = Es war schon so, wie Sie es wollten.
outcome-missing = Nicht mehr dort, wo es war, oder passte nicht mehr zur Suche.
outcome-changed-since = Inzwischen geändert, deshalb blieb es unberührt.
outcome-contended = Jemand anderes hat es immer wieder geändert.
outcome-refused = Der Server des Kontos hat abgelehnt.
outcome-forbidden = Dieses Konto darf das hier nicht.
outcome-over-quota = Das Postfach ist voll.
outcome-no-such-folder = Den Zielordner gibt es nicht.
outcome-too-large = Zu groß.
outcome-unavailable = Der Server des Kontos konnte es gerade nicht ausführen.
outcome-sign-in = Der Server des Kontos hat die Anmeldung abgelehnt.
outcome-internal = Auf unserer Seite ist etwas schiefgegangen.
outcome-stopped = Nicht begonnen: Sie haben den Auftrag angehalten.
outcome-stopped-on-error = Nicht begonnen: Der Auftrag hält beim ersten Fehler an.
outcome-braked = Nicht begonnen: Zu viel war fehlgeschlagen.
outcome-no-answer = Der Server des Kontos hat nie geantwortet, und Nachsehen brachte keine Klarheit.
outcome-not-inactive = Das Postfach ist in Gebrauch: Es wurde nicht gelöscht.
outcome-address-taken = Ein anderes Postfach hat diese Adresse oder diesen Anmeldenamen.
outcome-no-such-target = Das Zielpostfach gibt es nicht, oder es ist selbst gelöscht.
outcome-shared-id = Das Mailsystem hat zwei Postfächern dieselbe Kennung gegeben und bewahrt die Mails beider vielleicht an einer Stelle auf.
outcome-retention-over = Die Frist, für die das Postfach aufbewahrt wurde, ist vorbei.
outcome-on-hold = Das Postfach unterliegt einer Sperre oder einer gesetzlichen Aufbewahrung.
outcome-may-have-arrived = Der Mailserver hat nie geantwortet: Die Mail kann angekommen sein oder nicht.
outcome-no-such-recipient = Diese Adresse gibt es nicht.
outcome-recipient-full = Das Postfach des Empfängers ist voll.
outcome-against-rules = Die Regeln des Mailservers verbieten es.
outcome-content-refused = Der Mailserver nimmt den Inhalt der Mail nicht an.
outcome-unrenderable = Aus der Vorlage und dieser Zeile lässt sich keine Mail machen.
outcome-suppressed = Die Adresse steht auf Ihrer Liste derer, die keine Mail bekommen.
outcome-file-gone = Eine Datei, die mitgehen soll, wird nicht mehr aufbewahrt.
outcome-no-unsubscribe = Die Mails sagen nicht, wie man sie abbestellt.
outcome-web-page-only = Dafür wird nur eine Webseite genannt, und die wird von hier aus nicht geöffnet.
outcome-not-trusted = Nichts belegt, dass die Seite dafür zur Liste gehört.
outcome-from-spam = Das ist Spam: Eine Antwort verrät dem Absender, dass jemand mitliest.
outcome-cannot-send = Dazu braucht es eine Mail, und dieses Konto sendet keine.
outcome-leads-elsewhere = Der Server der Liste leitet auf eine andere Seite weiter; dem wird nicht gefolgt.
outcome-list-refused = Der Server der Liste hat abgelehnt.
outcome-not-public = Dem Server der Liste ist nicht zu trauen, oder er ist nicht öffentlich im Internet.
outcome-may-be-unsubscribed = Der Server der Liste hat nie geantwortet: Sie können abgemeldet sein oder nicht.
outcome-model-unavailable = Das Modell war gerade nicht zu erreichen.
outcome-model-key = Der Endpunkt des Modells nimmt den Schlüssel nicht an.
outcome-model-refused = Der Endpunkt des Modells lehnt die Anfrage ab.
outcome-unclassified = Das Modell hat dazu nichts Brauchbares gesagt.
outcome-unwritten = Das Modell hat nichts geschrieben, was ein Entwurf werden darf.
outcome-not-agreed = Nicht gesendet: Sie haben Ihr Ja zu diesem Modell zurückgenommen oder ein anderes gewählt.

cure-retry-later = Warten Sie etwas und wiederholen Sie dann, was fehlgeschlagen ist.
cure-refused = Sehen Sie sich eines davon in Ihrem Mailprogramm an; vielleicht sagt der Server, warum.
cure-forbidden = Bitten Sie den Inhaber des Postfachs um das Recht und wiederholen Sie es dann.
cure-over-quota = Schaffen Sie Platz und wiederholen Sie dann, was fehlgeschlagen ist.
cure-no-such-folder = Legen Sie den Ordner an und wiederholen Sie dann, was fehlgeschlagen ist.
cure-too-large = Erledigen Sie diese von Hand.
cure-sign-in = Verbinden Sie das Konto neu und wiederholen Sie es dann.
cure-internal = Wiederholen Sie es; bleibt es dabei, nennen Sie uns die ID des Auftrags.
cure-braked = Sehen Sie nach, warum so viel fehlschlug, bevor Sie neu beginnen.
cure-no-answer = Wiederholen sieht erst nach und wiederholt nichts, was getan ist.
cure-not-inactive = Nehmen Sie es heraus oder wählen Sie das inaktive Postfach, das Sie meinen.
cure-address-taken = Geben Sie ihm eine andere Adresse oder machen Sie diese zuerst frei.
cure-no-such-target = Berichtigen Sie das Ziel oder reaktivieren Sie das Postfach als neues.
cure-shared-id = Bitten Sie, eines der beiden auf dem Mailsystem in ein neues Postfach zu kopieren; hier wurde nichts verändert.
cure-retention-over = Fragen Sie nach einer Sicherung.
cure-on-hold = Stellen Sie seinen Inhalt in einem anderen Postfach wieder her oder lassen Sie die Sperre aufheben.
cure-may-have-arrived = Fragen Sie nach, ob sie ankam; von selbst wird sie nicht noch einmal gesendet.
cure-no-such-recipient = Berichtigen Sie die Adresse und senden Sie nur an sie.
cure-recipient-full = Warten Sie einige Tage und wiederholen Sie dann, was fehlgeschlagen ist.
cure-against-rules = Fragen Sie den Betreiber des Mailservers, was dieses Konto senden darf.
cure-content-refused = Ändern Sie Wörter, Links oder Anhänge, die nach Spam aussehen.
cure-unrenderable = Berichtigen Sie die Zeile und senden Sie dann nur an sie.
cure-file-gone = Laden Sie die Datei noch einmal hoch und senden Sie nur an diese.
cure-web-page-only = Öffnen Sie die Seite selbst, wenn Sie dem Absender trauen.
cure-by-a-rule = Archivieren Sie die Mails stattdessen durch eine Regel, oder legen Sie sie in den Papierkorb.
cure-cannot-send = Geben Sie dem Konto einen Server für ausgehende Mails und beginnen Sie dann neu.
cure-open-a-mail = Öffnen Sie eine der Mails und folgen Sie dem Link darin, oder legen Sie sie durch eine Regel in den Papierkorb.
cure-not-public = Legen Sie die Mails stattdessen durch eine Regel in den Papierkorb.
cure-may-be-unsubscribed = Warten Sie zehn Tage; von selbst wird nicht noch einmal gefragt.
cure-model-key = Geben Sie unter „Modell und Datenschutz“ einen anderen Schlüssel ein und wiederholen Sie es dann.
cure-model-refused = Prüfen Sie unter „Modell und Datenschutz“ seine Adresse und den Namen des Modells und wiederholen Sie es dann.
cure-unclassified = Sehen Sie sich diese selbst an oder wiederholen Sie es.
cure-unwritten = Beantworten Sie diese selbst oder wiederholen Sie es.
cure-not-agreed = Wiederholen Sie es: Gefragt wird das Modell, das jetzt gewählt ist.

## problem

problem-invalid = Etwas an der Anfrage stimmt nicht.
problem-unauthenticated = Bitte melden Sie sich an.
problem-cross-site = Diese Anfrage kam von einer anderen Website.
problem-not-found = Das gibt es hier nicht.
problem-method-not-allowed = Das geht hier nicht.
problem-wrong-state = Der Stand des Auftrags lässt das nicht zu.
problem-hash-mismatch = Das ist nicht, was die Vorschau gezeigt hat.
problem-drifted = Seit der Vorschau hat sich etwas geändert.
problem-key-reused = Dieser Idempotenzschlüssel wurde schon für eine andere Anfrage verwendet.
problem-not-undoable = Das lässt sich nicht rückgängig machen.
problem-gone = Das wird nicht mehr aufbewahrt.
problem-too-large = Die Anfrage ist zu groß.
problem-unsupported-media-type = Der Inhalt muss JSON sein.
problem-too-many-requests = Zu viele Anfragen.
problem-too-many-open-jobs = Zu viele Aufträge sind offen.
problem-sign-in-needed = Der Server des Kontos lehnt die Anmeldung ab.
problem-provider-unavailable = Der Server des Kontos ist nicht zu erreichen.
problem-unavailable = Dieser Server ist im Moment überlastet.
problem-internal = Auf unserer Seite ist etwas schiefgegangen.

## class

class-request = Anliegen
class-request-text = Jemand bittet Sie, etwas zu tun.
class-question = Frage
class-question-text = Jemand will etwas von Ihnen wissen, und eine Antwort genügt.
class-meeting = Termin
class-meeting-text = Eine Einladung zu einem Treffen, eine Antwort darauf oder eine Absprache, wann man sich trifft.
class-personal = Persönlich
class-personal-text = Von Familie und Freunden, über das Leben.
class-list-discussion = Listendiskussion
class-list-discussion-text = Eine von vielen Stimmen auf einer Mailingliste.
class-newsletter = Newsletter
class-newsletter-text = Nachrichten und Artikel, die regelmäßig kommen, zum Lesen und nicht zum Antworten.
class-promotion = Werbung
class-promotion-text = Ein bekannter Absender will Ihnen etwas verkaufen.
class-notification = Benachrichtigung
class-notification-text = Eine Maschine meldet, dass etwas geschehen ist: ein Kommentar, eine Anmeldung, ein Build, ein Code.
class-receipt = Beleg
class-receipt-text = Was mit Geld zu tun hat, das Sie ausgegeben haben: Bestellungen, Buchungen, Rechnungen, Zahlungen.
class-delivery = Lieferung
class-delivery-text = Wo ein Paket ist.
class-spam = Spam
class-spam-text = Niemand hat darum gebeten, und es will Ihr Geld, Ihre Daten oder Ihre Aufmerksamkeit.
class-other = Sonstiges
class-other-text = Alles andere: automatische Antworten, zurückgekommene Mails, Tests, leere Mails.

## proposal

proposal-reply = Antwort entwerfen
proposal-archive = Archivieren
proposal-trash = In den Papierkorb
proposal-label-receipt = Label „receipts“
proposal-keep = Behalten
proposal-review = Ansehen

## rules

rules-name = Eine Regel braucht einen Namen von höchstens { $most } Zeichen.
rules-search = Die Suche einer Regel hat höchstens { $most } Bytes.
rules-classes = Jede Klasse einmal genügt.
rules-no-class = „{ $class }“ ist keine von { $known }.
rules-percent = Muss zwischen { $least } und { $most } liegen.
rules-older = Muss 1 bis { $most } Tage sein oder fehlen.
rules-senders = Eine Regel nennt höchstens { $most } Absender.
rules-no-sender = „{ $sender }“ ist weder eine Adresse noch eine Domain.
rules-empty = Geben Sie an, um welche Mails es geht: eine Suche, eine Klasse, ein Alter oder ein Absender.
rules-by-itself = Muss 1 bis { $most } Mails sein.
rules-new-is-not-old = Was eben erst kam, ist nicht alt: Eine Regel über alte Mails läuft nach Zeitplan.
rules-no-change = Muss etwas sein, das Mails ändert.
rules-hour = Muss eine Stunde von 0 bis 23 sein.
rules-zone = Muss der Name einer Zeitzone sein, etwa Europe/Berlin.
rules-when-by-hand = wenn Sie es sagen
rules-when-hourly = jede Stunde
rules-when-daily = jeden Tag um { $hour }:00
rules-when-weekly = jeden { $day } um { $hour }:00
rules-when-new-mail = wenn neue Mails kommen
weekday-monday = Montag
weekday-tuesday = Dienstag
weekday-wednesday = Mittwoch
weekday-thursday = Donnerstag
weekday-friday = Freitag
weekday-saturday = Samstag
weekday-sunday = Sonntag

## query

query-at = { $message } (bei Zeichen { $position }).
query-unknown-field = { $kind ->
    [contact] „{ $name }:“ gibt es bei Kontakten nicht, nur { $known }. Um nach dem Text selbst zu suchen, setzen Sie ihn in Anführungszeichen.
    [mailbox] „{ $name }:“ gibt es bei Postfächern nicht, nur { $known }. Um nach dem Text selbst zu suchen, setzen Sie ihn in Anführungszeichen.
    [recipient] „{ $name }:“ gibt es bei Empfängern nicht, nur { $known }. Um nach dem Text selbst zu suchen, setzen Sie ihn in Anführungszeichen.
   *[mail] „{ $name }:“ gibt es nicht, nur { $known }. Um nach dem Text selbst zu suchen, setzen Sie ihn in Anführungszeichen.
}
query-one-minus = Ein „-“ genügt.
query-minus = „-“ lässt weg, was ohne Leerzeichen darauf folgt, etwa -wort oder -from:ann. Um nach dem Zeichen selbst zu suchen, setzen Sie es in Anführungszeichen: "-".
query-value = Ein Wert ist ein Wort, oder mehrere in Anführungszeichen. Für mehrere Werte schreiben Sie ({ $name }:a OR { $name }:b).
query-no-value = „{ $name }:“ braucht gleich nach dem Doppelpunkt einen Wert.
query-empty-quotes = Zwischen den Anführungszeichen steht nichts.
query-open-quote = Dieses Anführungszeichen wird nie geschlossen.
query-stray-bracket = Vor diesem „)“ fehlt ein „(“.
query-too-long = Eine Suche hat höchstens { $most } Bytes.
query-control = Eine Suche enthält keine Steuerzeichen.
query-needs-after = Nach „{ $word }“ muss etwas folgen, etwa from:ann { $word } from:bob.
query-term-missing = Hier fehlt ein Suchwort.
query-too-deep = Klammern gehen höchstens { $most } tief.
query-empty-brackets = Zwischen diesen Klammern steht nichts.
query-open-bracket = Dieses „(“ wird nie geschlossen.
query-too-many = Eine Suche hat höchstens { $most } Teile.
query-needs-before = Vor „{ $word }“ muss etwas stehen. Um nach dem Wort selbst zu suchen, setzen Sie es in Anführungszeichen.
query-class = Eine Klasse „{ $class }“ gibt es nicht. Es gibt { $known }, und none für Mails, die noch niemand angesehen hat.
query-class-meant = Eine Klasse „{ $class }“ gibt es nicht. Ist { $meant } gemeint? Es gibt { $known }, und none für Mails, die noch niemand angesehen hat.
query-has = Auf „has:“ folgt attachment.
query-is = Auf „is:“ folgt unread, read, starred, unstarred oder list.
query-size = Eine Größe schreibt man wie 5M, 100K oder 1000.
query-date = Ein Datum schreibt man wie 2024-01-31, 2024-01 oder 2024.
query-age = Ein Alter schreibt man wie 7d, 2w, 3m oder 1y, höchstens 100 Jahre.
query-example-word = Mails mit diesem Wort in Absender, Empfängern, Betreff oder Text
query-example-phrase = genau diese Wörter nebeneinander
query-example-from = Name oder Adresse des Absenders enthält „ann“
query-example-to = an diese Adresse gesendet
query-example-subject = der Betreff enthält diese Wörter
query-example-in = in einem Ordner: inbox, archive, trash, sent, drafts, spam oder der volle Name eines Ordners
query-example-anywhere = überall; sonst bleiben Papierkorb und Spam außen vor. Geteilte Ordner nennt man beim Namen: in:Public/Team
query-example-label = trägt dieses Label
query-example-unread = ungelesen; auch is:read, is:starred, is:unstarred
query-example-list = kam über eine Mailingliste oder als Newsletter; list:news.example.com für eine bestimmte
query-example-attachment = hat nach dem Aufbau der Mail eine Datei im Anhang; verschlüsselte Mails findet weder dies noch das Gegenteil
query-example-class = ist ein Newsletter, nach dem, was beim Klassifizieren herauskam; noch nicht angesehene Mails passen weder dazu noch zum Gegenteil
query-example-no-class = noch niemand hat angesehen, worum es darin geht
query-example-larger = größer als 5 MB; auch 100K oder 1000 (Bytes), und smaller:
query-example-older = älter als zwei Jahre; d, w, m, y für Tage, Wochen, Monate, Jahre
query-example-newer = aus den letzten sieben Tagen, auf die Sekunde genau
query-example-dates = ab diesem Tag in UTC und früher als jenes Jahr
query-example-or = eines von beiden
query-example-not = alle außer diesen
query-example-brackets = Klammern fassen zusammen
unsearched-forbidden = dieses Konto darf ihn nicht öffnen
unsearched-refused = der Mailserver will ihn nicht öffnen
unsearched-not-understood = die Antwort des Mailservers ergibt keinen Sinn
unsearched-no-such-folder = es gibt keinen Ordner dieses Namens
unsearched-encrypted = Verschlüsseltem ist nicht anzusehen, ob eine Datei darin ist
unsearched-undated = der Mailserver sagt nicht, wann sie ankamen
unsearched-not-looked-at = noch niemand hat angesehen, worum es darin geht
unsearched-folder = „{ $folder }“: { $why }.
unsearched-mails = { $mails } in „{ $folder }“: { $why }.
unsearched-folders = { $folders ->
    [one] 1 Ordner
   *[other] { $written } Ordner
}
unsearched-summary-not-looked-at = { $mails ->
    [one] 1 Mail ist noch nicht angesehen.
   *[other] { $written } sind noch nicht angesehen.
}
unsearched-summary = Nicht durchsucht werden konnten: { $what }.
unsearched-summary-both = Nicht durchsucht werden konnten: { $folders } und { $mails }.

## selection

selection-no-ids = Wählen Sie mindestens ein Element aus.
selection-no-rows = Übergeben Sie mindestens eine Zeile.
selection-too-many-rows = Höchstens { $most } Zeilen in einer Anfrage.
selection-too-many-ids = Höchstens { $most } IDs in einer Anfrage; nehmen Sie für mehr eine Suche.
selection-twice = Die ID an Stelle { $index } ist doppelt genannt.

## csv

csv-too-many-cells = Die Zeile hat { $cells } Zellen unter { $headers } Überschriften; jede Spalte braucht eine.
csv-too-many-cells-quotes = Die Zeile hat { $cells } Zellen unter { $headers } Überschriften; eine Zelle mit „{ $separator }“ darin muss in Anführungszeichen stehen.
csv-long-cell = { $column } hat { $chars } Zeichen, erlaubt sind 10.000.
csv-empty = die Datei ist leer
csv-too-large = die Datei hat { $bytes } Bytes, erlaubt sind { $most }; teilen Sie sie auf
csv-workbook = die Datei ist eine Arbeitsmappe; speichern Sie sie als „CSV UTF-8“
csv-unreadable = die Arbeitsmappe ist nicht lesbar: { $why }; speichern Sie sie als „CSV UTF-8“
csv-binary = die Datei ist kein Text; speichern Sie die Tabelle als „CSV UTF-8“
csv-unclosed-quote = das Anführungszeichen, das in Zeile { $line } beginnt, wird nie geschlossen; setzen Sie hinter die Zelle ein zweites oder an seine Stelle zwei
csv-too-many-rows = die Datei hat mehr als { $most } Zeilen; teilen Sie sie auf
csv-too-many-columns = die Datei hat { $found } Spalten, erlaubt sind { $most }
csv-no-rows = unter den Überschriften steht keine Zeile
csv-commas = Kommas
csv-semicolons = Semikolons
csv-tabs = Tabulatoren
csv-separated = Zellen durch „{ $separator }“ getrennt
csv-as-they-are = Zellen, wie sie sind
csv-named = { $cells } (in der ersten Zeile genannt)
csv-line-ends = Zeilen enden mit { $end }
csv-empty-rows = { $rows ->
    [one] 1 leere Zeile übersprungen
   *[other] { $written } leere Zeilen übersprungen
}
csv-marked = UTF-8 mit Byte-Order-Mark
csv-header-missing = die Spalte „{ $name }“ fehlt
csv-header-missing-known = die Spalte „{ $name }“ fehlt; nicht bekannt sind: { $found }
csv-header-twice = „{ $first }“ und „{ $second }“ sind dieselbe Spalte; nehmen Sie eine davon heraus
csv-cell-fault = { $column } „{ $value }“ { $message }.

## address

address-nothing = Es steht keine Adresse da.
address-no-at = Eine Adresse hat ein @, etwa ann@example.org.
address-two-ats = Es steht mehr als ein @ da.
address-no-local = Vor dem @ steht nichts.
address-dots = Was vor dem @ steht, hat Punkte am Rand oder zwei hintereinander: Setzen Sie es in Anführungszeichen.
address-sign = Was vor dem @ steht, enthält ein Zeichen, das in Anführungszeichen gehört.
address-letters = Was vor dem @ steht, enthält Buchstaben, die die meisten Mailserver nicht annehmen.
address-long-local = Was vor dem @ steht, ist länger als 64 Bytes.
address-domain = Was hinter dem @ steht, ist keine Domain wie example.org.
address-long = Sie ist länger als 254 Bytes.
address-long-name = Der Name ist länger als 300 Bytes.
address-control = Sie enthält einen Zeilenumbruch oder ein anderes Steuerzeichen.
address-open = Ein Anführungszeichen oder eine spitze Klammer bleibt offen.
address-behind = Hinter der Adresse steht noch etwas.

## vcard

vcard-edit-empty = geben Sie an, was im Feld stehen soll
vcard-edit-too-long = ein Feld fasst 2.000 Bytes, eine Änderung 20 Kategorien
vcard-edit-no-prefix = eine Vorwahl besteht aus Ziffern, oder aus + und Ziffern
vcard-edit-no-address = das ist keine E-Mail-Adresse oder Domain
vcard-edit-unreadable = das Feld hat einen unbekannten Zeichensatz
vcard-line = Zeile { $line }: { $fault }
vcard-no-card = eine Karte muss mit BEGIN:VCARD beginnen
vcard-not-ended = diese Karte endet nicht mit END:VCARD
vcard-too-large = diese Karte ist größer als 1 MB oder hat mehr als 20.000 Zeilen
vcard-too-many = die Datei hat mehr als 10.000 Karten
vcard-not-one = es ist mehr als eine Karte
vcard-utf16 = die Datei ist in UTF-16; speichern Sie sie als UTF-8
vcard-search-unknown = Kontakte haben kein „{ $word }“. Man findet sie durch ihre Wörter oder die eines Feldes: org:acme.
vcard-no-name = (kein Name)
vcard-not-readable = (nicht lesbar)
vcard-example-word = Kontakte mit diesem Wort in irgendeinem Feld
vcard-example-field = in einem Feld: name, email, phone, org, title, category, address, birthday, url, chat, note
vcard-example-words = beide Wörter
vcard-example-field-phrase = in einem Feld nebeneinander
vcard-table-no-columns = die erste Zeile nennt keine Spalte eines Kontakts wie Name, First Name, E-mail oder Phone
vcard-row-too-many-cells = diese Zeile hat mehr Zellen als die erste Spalten
vcard-row-nobody = diese Zeile hat weder Name, Organisation, E-Mail-Adresse noch Telefonnummer
vcard-row-too-long = die Spalte { $column } fasst 32 KB
vcard-row-unknown = kein Feld eines Kontakts heißt „{ $column }“
vcard-row-no-date = in die Spalte { $column } gehört ein Datum wie 1990-04-12

## attached files

file-no-name = Eine Datei hat einen Namen.
file-long-name = Der Name einer Datei hat höchstens 150 Bytes.
file-folder = Der Name einer Datei enthält keine Ordner.
file-unseen = Der Name einer Datei enthält keine Zeilenumbrüche und keine anderen unsichtbaren Zeichen.
file-empty = „{ $name }“ ist leer.
file-digits = Muss aus 64 kleinen hexadezimalen Ziffern bestehen.
file-too-large = „{ $name }“ ist zu groß: Eine Datei hat höchstens { $most } MB.
file-too-many = Höchstens { $most } Dateien.
file-twice = Es gibt zwei Dateien „{ $name }“.
file-too-much = Zusammen sind sie zu groß: Eine Mail hat höchstens { $most } MB, und Dateien wachsen darin um ein Drittel.

## api

batch-nothing = Nennen Sie mindestens eine Mail.
batch-too-many = Das sind { $mails }; erlaubt sind höchstens { $most } Mails.
batch-twice = { $id } ist doppelt genannt.
templates-too-long = Eine Vorlage, die aufbewahrt wird, hat höchstens { $most } Bytes.
templates-name = Ein Name hat 1 bis { $most } Zeichen, darunter kein Steuerzeichen.
model-built-in = Eingebaut, nichts verlässt diesen Rechner
model-at = { $model } bei { $host }
model-url = Muss eine Adresse wie https://api.example.com/v1 sein, höchstens { $most } Bytes lang, ohne Anmeldedaten, Fragezeichen und Fragment.
model-name = Der Name eines Modells hat 1 bis { $most } Zeichen.
model-key = Ein Schlüssel hat 1 bis { $most } Buchstaben, Ziffern und Zeichen.
model-number = Muss zwischen 1 und { $most } liegen.
model-requests = { $requests ->
    [one] 1 Anfrage
   *[other] { $written } Anfragen
}
model-tokens-untold = Tokens nicht angegeben, in { $requests }
model-tokens = { $tokens } Tokens in { $requests }
model-tokens-some = Mindestens { $tokens } Tokens in { $requests }, bei { $untold } nicht angegeben
letters-too-many = Höchstens { $most } Mails werden auf einmal gezeigt.
letters-no-row = Diese Zeile gibt es nicht.
suppress-addresses = Nennen Sie 1 bis { $most } Adressen in einer Anfrage.
suppression-unsubscribed = abgemeldet
suppression-bounced = endgültig zurückgekommen
suppression-complained = hat eine Mail als Spam gemeldet
suppression-by-hand = von Hand eingetragen
bounce-complaint = Sie wurde als Spam gemeldet.
bounce-in-time = Der Server des Empfängers hat sie nicht rechtzeitig angenommen.
draft-protected = Nur von Mails, die eine Suche findet, lassen sich einige heraushalten.
draft-no-rows = Dieser Vorgang nimmt keine Zeilen: Wählen Sie Elemente aus, oder geben Sie an, wonach gesucht werden soll.
draft-rows = Dieser Vorgang nimmt Zeilen und macht aus jeder ein Element.
draft-row-bytes = Eine Zeile hat höchstens { $most } Bytes.
review-unsure = Nicht sicher genug
review-waits = Sicher, wartet auf Sie
review-not-reversible = Nicht genau rückgängig zu machen
review-failed = Nicht zu bestimmen
review-certainty = Muss eine Zahl sein.
review-no-class = Diese Klasse gibt es nicht.
review-no-mails = Muss mindestens eine Mail nennen.
review-too-many = Nimmt höchstens { $most } IDs.
review-proposal = Muss etwas sein, das zu tun ist, oder „keep“.

## unsubscribe

unsubscribe-way-one-click = Eine Anfrage an { $host }
unsubscribe-way-mail = Eine Mail an { $to }
unsubscribe-way-web-page = Nur über eine Webseite, die von hier aus nicht geöffnet wird
unsubscribe-way-not-trusted = Nicht vertrauenswürdig: { $why }
unsubscribe-way-cannot-send = Durch eine Mail an { $to }, aber dieses Konto sendet keine
unsubscribe-way-not-told = Die Mails sagen nicht, wie
unsubscribe-way-spam = Spam: Eine Antwort würde dem Absender verraten, dass jemand mitliest
distrust-not-checked = Ihr Mailserver bürgt nicht dafür
distrust-not-covered = keine gültige Signatur deckt es ab
distrust-ambiguous = die Mail sagt es zweimal

## limits and options

options-out-of-range = { $value } liegt außerhalb des Bereichs: { $least } bis { $most }.
