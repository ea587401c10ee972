### Was Server Menschen sagen, auf Deutsch. Die Wörter stehen im Kopf von `shared/words/de.ftl`.

## counts, in other sentences

count = { NUMBER($count) } { $what }

## what a mail is about

class = { $class }.
because-three = Weil { $why }, { $why-next } und { $why-last }.
because-two = Weil { $why } und { $why-last }.
because = Weil { $why }.
signal-no-words = keine Wörter darin stehen
signal-word = „{ $word }“ darin steht
signal-list = sie eine Mailingliste nennt
signal-list-post = die Liste Antworten annimmt
signal-unsubscribe = man sie abbestellen kann
signal-one-click = man sie mit einem Klick abbestellen kann
signal-bulk = ihr Kopf sagt, dass sie an viele geht
signal-automatic = ihr Kopf sagt, dass eine Maschine sie schrieb
signal-no-reply = ihr Absender keine Antworten annimmt
signal-role = ihr Absender eine Stelle ist und kein Mensch
signal-calendar = sie einen Kalendereintrag mitbringt
signal-file = eine Datei anhängt
signal-document = eine PDF-Datei anhängt
signal-answer = sie auf eine andere Mail antwortet
signal-many = sie an mehrere geht
signal-no-recipient = sie keinen Empfänger nennt
signal-reply-to = Antworten an eine andere Domain gehen als die ihres Absenders
signal-markup = sie eine gestaltete Seite ohne reinen Text ist
signal-links = sie voller Links ist
signal-campaign = ihr Kopf eine Kampagne nennt
signal-loud = ihr Betreff schreit
signal-asks = sie etwas fragt
signal-amount = sie einen Geldbetrag nennt
signal-short = sie kurz ist
signal-report = sie ein Bericht über eine Mail ist
signal-no-name = ihr Absender keinen Namen hat
model-certain = { $model } ist sich sicher.
model-likely = { $model } hält es für wahrscheinlich.
model-guesses = { $model } rät.
said-by-hand = Sie haben es so gesagt.
found-unreadable = Was zu ihr gefunden wurde, ist nicht mehr lesbar.
found-unreadable-now = Was dazu gefunden wurde, ist nicht lesbar.
stored-unreadable = Was dazu gespeichert wurde, ist nicht lesbar.
became-unreadable = Was daraus wurde, ist nicht lesbar.
not-looked-at = nicht nachgesehen

## previews

risk-final = Das lässt sich nicht rückgängig machen.
risk-inexact = Auf diesem Server lässt sich das nicht genau rückgängig machen.
risk-nothing = Am Konto ändert sich nichts.
risk-very-many = Sehr viele { $items } ändern sich auf einmal.
risk-everything = Die Suche ist leer: Das ist { $everything }.
risk-exact = Es lässt sich genau rückgängig machen.
risk-shared = Auch andere sehen den Ordner „{ $folder }“: Er ändert sich auch für sie.
risk-left-out = { NUMBER($count) } weitere { $what } { $count ->
    [one] bleibt
   *[other] bleiben
 } ausgenommen und unverändert: { $why }.
risk-damaged = unsere Aufzeichnungen darüber sind beschädigt
risk-missing = unsere Aufzeichnungen darüber fehlen
risk-newer = eine neuere Version von Bulkhead hat es aufgezeichnet, und diese kann das nicht lesen
risk-suppressed = { $what } ausgelassen: { $what-whose } auf Ihrer Liste derer, die keine Mail bekommen.
risk-one-row = 1 Zeile ist
risk-rows = { NUMBER($rows) } Zeilen sind
risk-its-address = ihre Adresse steht
risk-their-addresses = ihre Adressen stehen
risk-unanswered = Zu { $items } kam nie eine Antwort: { $what }.
risk-looks-done = sie sieht aus, wie der Auftrag sie hinterlassen hätte, und wird auch zurückgenommen
risk-look-done = sie sehen aus, wie der Auftrag sie hinterlassen hätte, und werden auch zurückgenommen
risk-looks-other = sie sieht nicht so aus, wie der Auftrag sie hinterlassen hätte, und bleibt, wie sie ist
risk-look-other = sie sehen nicht so aus, wie der Auftrag sie hinterlassen hätte, und bleiben, wie sie sind
model-no-yes = Sie haben nicht zugestimmt, dass Mails dieses Kontos an { $model } gehen.
model-other-since = Sie haben inzwischen ein anderes Modell gewählt oder Ihre Zustimmung zurückgenommen: Es würde nichts gesendet und keine Mail eingeordnet. Beginnen Sie neu.

## what an account can do

note-found-kept = Das Postfach bleibt unberührt; was gefunden wird, steht beim Auftrag.
note-sandbox-list = Wurde eine Liste gefragt, lässt sich das nicht zurücknehmen. Diese ist erfunden: Es wird niemand gefragt, und sie sagt Ja.
note-file-apart = Das Postfach bleibt unberührt; die Datei liegt getrennt davon.
note-folder = Jede Mail kommt in den Ordner zurück, aus dem sie kam. Mails, die seither jemand geändert hat, bleiben.
note-drafts = Rückgängig legt jeden Entwurf in den Papierkorb. Was seither jemand geändert hat, bleibt.
note-marks = Jede Mail bekommt ihre Markierungen und Labels zurück. Mails, die seither jemand geändert hat, bleiben.
note-sending = Eine gesendete Mail lässt sich nicht zurückholen. Bis die Wartezeit endet, lässt sich alles stoppen, danach noch, was nicht begonnen hat.
note-changed = was seither jemand geändert hat, bleibt, wie es ist
note-no-keywords = dieser Server kennt keine Schlagwörter, daher kann eine gleichzeitige fremde Änderung unbemerkt bleiben
note-no-numbers = dieser Server zählt Änderungen nicht, daher kann eine gleichzeitige fremde Änderung unbemerkt bleiben
note-imap-drafts = Rückgängig legt jeden Entwurf in den Papierkorb, wenn er nicht bearbeitet oder gesendet wurde; { $what }.
note-imap-moves = Rückgängig verschiebt die Mails mit Markierungen und Labels zurück; { $what }.
note-imap-labels = Labels sind IMAP-Schlagwörter; viele Mailprogramme zeigen sie nicht. Rückgängig stellt her, was da war; { $what }.
note-imap-marks = Rückgängig betrifft nur, was dieser Auftrag markiert hat; { $what }.
note-list-asked = Wurde eine Liste gefragt, lässt sich das nicht zurücknehmen. Im Postfach ändert sich nichts.
note-not-even-read = Im Postfach ändert sich nichts, auch nicht, was als gelesen gilt.
note-cyrus-recover = Jedes Postfach wird unter seinem alten Namen wieder gelöscht, mit der Zeit seiner ersten Löschung: Seine Frist beginnt nicht neu. Mail, die seither kam, geht mit. Cyrus hat keinen Platz für Namen und Abteilungen: Was die Zeilen davon sagen, wird vermerkt, wo nur Administratoren es sehen.
note-cyrus-restore = Genau das Kopierte wird wieder entfernt, und Mail, die es ersetzt hat, kommt aus dem Papierkorb des Inhabers zurück. Mail, die seither kam, bleibt.
note-sandbox-recover = Jedes Postfach ist wieder inaktiv, mit aller Mail, die seither kam; es bleibt ab dann dreißig Tage erhalten, nicht ab seiner ersten Löschung.
note-sandbox-restore = Genau das Kopierte wird wieder entfernt, und was es ersetzt hat, kommt zurück. Mail, die seither kam, bleibt.
note-exchange-recover = Ein Postfach wird nur wieder inaktiv, solange eine Sperre oder Aufbewahrungsrichtlinie es hält; seine Person wird gelöscht. Eines, das nichts hält, bleibt, wie es ist: Es wäre nach dreißig Tagen weg.
note-exchange-restore = Exchange hat keinen Befehl, der wieder entfernt, was eine Wiederherstellung kopiert hat. Ein eigener Ordner (target_folder) hält es von allem anderen getrennt.

## jobs

job-not-ended = Der Auftrag ist noch nicht beendet.
job-stop-first = Der Auftrag ist noch nicht beendet; stoppen Sie ihn zuerst.
job-no-folder = Dieser Auftrag nennt keinen Ordner, der anzulegen wäre.
job-proposed = Was ein Auftrag vorschlägt, wird anders verlangt.
job-not-undoable = Was dieser Auftrag getan hat, lässt sich nicht rückgängig machen.
job-changed-nothing = Dieser Auftrag hat nichts geändert; es gibt nichts rückgängig zu machen.
job-undo-over = Die Zeit, in der sich dieser Auftrag rückgängig machen ließ, ist vorbei.
job-nothing-failed = In diesem Auftrag ist nichts fehlgeschlagen.
job-failed-left = Was in diesem Auftrag fehlschlug, bleibt, wie es ist.
job-left-nothing = Dieser Auftrag hat nichts ausgelassen.
job-nothing-to-do = Hier gibt es nichts zu tun.
job-unable = Das kann dieses Konto nicht.
job-of-a-job = Entsteht nur aus einem Auftrag.
job-changed-now = Der Auftrag hat sich in diesem Moment geändert; sehen Sie noch einmal nach.
job-only-drafts = Verwerfen lässt sich nur ein Entwurf; ein Auftrag wird abgebrochen.
job-no-export = Dieser Auftrag ist kein Export.
job-export-runs = Der Export ist noch nicht beendet.
job-no-such-item = Hier fehlt etwas, das Sie gewählt haben ({ $what }); laden Sie die Liste neu.
job-no-such-reason = In diesem Auftrag ist nichts aus diesem Grund fehlgeschlagen.
job-mail-sent-again-now = Diese Mail wird schon noch einmal gesendet; verwerfen Sie zuerst jenen Entwurf.
job-mail-arrived = Sie haben gesagt, dass diese Mail angekommen ist.
job-mail-sent-again = Diese Mail wurde schon noch einmal gesendet.
job-mail-known = Was aus dieser Mail wurde, ist bekannt.
job-mail-none = Bei keiner solchen Mail dieses Auftrags ist offen, ob sie ankam.
job-only-mails = Nur Mails werden einzeln noch einmal gesendet.
job-freezing = Die Auswahl wird noch festgehalten.
job-no-mails-sent = Dieser Auftrag hat keine Mails gesendet.
job-same-item = Daraus entstünde dasselbe wie aus Zeile { $row }.
job-all-suppressed = Sie alle stehen auf der Liste derer, die von diesem Konto keine Mail bekommen.

## accounts

account-no-folder = Im Konto gibt es keinen Ordner dieses Namens.
account-has-no = Dieses Konto hat keine { $what }.
account-no-rows = Aus Zeilen macht dieses Konto nichts.
account-no-book = Dieses Adressbuch gibt es nicht.
account-no-book-to-make = Dieses Adressbuch gibt es nicht, oder es nimmt nichts Neues auf.
account-no-rule = Nach dieser Regel kann dieses Verzeichnis nicht wiederherstellen; es kann { $rules }.
account-no-page = Diese Seite ist nicht zu finden.
account-brought = Empfänger werden mitgebracht, nicht gesucht.
account-sends-nothing = Dieses Konto sendet nichts.
account-cannot-send = Von diesem Konto aus lässt sich nichts senden.
account-no-drafts = Dieses Konto hat keinen Ort für Entwürfe.
account-asks-nothing = Von diesem Konto aus wird niemand gefragt.
account-sends-as = Dieses Konto sendet über { $server } und nur als { $user }.
account-name-long = Ein Name hat 1 bis { NUMBER($most) } Zeichen.
account-port = 0 liegt nicht im Bereich von 1 bis 65535.
account-range = Das liegt nicht im Bereich von { $least } bis { $most }.
account-characters = Muss 1 bis { NUMBER($most) } Zeichen haben und kein Steuerzeichen.
account-pem = Muss ein Text in PEM mit höchstens { NUMBER($most) } Zeichen sein.
account-address = Muss eine Adresse wie ann@example.com sein, mit höchstens { NUMBER($most) } Bytes.
account-simulated = Ein nachgestelltes Postfach mit { NUMBER($mails) } Mails in { NUMBER($folders) } Ordnern.
account-simulated-book = Ein nachgestelltes Adressbuch mit { NUMBER($contacts) } Kontakten.
account-simulated-directory = Ein nachgestelltes Verzeichnis mit { NUMBER($all) } Postfächern, davon { NUMBER($inactive) } inaktiv.
account-signed-in = Angemeldet; { NUMBER($folders) } Ordner.
account-administrator = Als Administrator angemeldet; { NUMBER($active) } Postfächer in Gebrauch, { NUMBER($inactive) } gelöscht.
account-application = Als Anwendung angemeldet; { NUMBER($inactive) } inaktive Postfächer.
account-out-of-range = { $value } liegt nicht im Bereich von 0 bis 100.
account-sandbox-dials = Nur die Sandbox hat Regler.
account-sandbox-files = Nur die Sandbox nimmt Maildateien auf.

## requests

request-hash = Das ist nicht der Stand dieses Entwurfs; sehen Sie die Vorschau noch einmal an.
request-drifted = Sehen Sie sich an, was sich geändert hat, und bestätigen Sie dann.
request-many-open = Schon { NUMBER($most) } Ihrer Aufträge oder Entwürfe sind offen; brechen Sie einige ab, verwerfen Sie sie oder warten Sie.
request-many-tries = In einer Stunde sind { NUMBER($most) } Verbindungsversuche möglich; versuchen Sie es in { NUMBER($minutes) } min wieder.
request-many-waiting = Schon { NUMBER($most) } Ihrer Anfragen warten auf einen Mailserver; diese wurde nicht begonnen.
request-sealed = Die gespeicherten Zugangsdaten lassen sich nicht mehr öffnen; verbinden Sie das Konto neu.
request-newer = Das hat eine neuere Version von Bulkhead gespeichert; diese kann es nicht lesen.
request-throttled = Der Mailserver bittet um Geduld.
request-state = Der Auftrag ist { $what }; er kann nicht { $what-verb } werden.
request-file-broke-off = Die Datei kam nicht ganz an.
request-import-broke-off = Die Datei kam nicht ganz an; nichts wurde übernommen.
request-import-large = Eine Datei darf hier höchstens 2 GiB haben. Eine größere kommt über die Befehlszeile hinein: bulkhead --mail DATEI.
request-workbook-large = Eine Arbeitsmappe hat höchstens 10 MiB.
request-files-large = In einer Anfrage haben Dateien höchstens { NUMBER($most) } MB.
request-at-most = Höchstens { $number } { $what }.
request-ids = Kennungen in einer Anfrage; für mehr dient eine Suche
request-rows = Zeilen in einer Anfrage
request-body-large = Eine Anfrage hat höchstens { NUMBER($most) } Bytes.
request-host = Unter diesem Namen antwortet dieser Server nicht.
request-sign-in = Diese Anmeldeadresse wurde schon benutzt, ist zu alt oder gehört zu einem anderen Start. Fügen Sie das Token aus der Datei „token“ im Datenordner des Servers ein, oder starten Sie den Server neu.
state-verb-planned = geplant
state-verb-confirmed = bestätigt
state-verb-started = gestartet
state-paused = angehalten
state-cancelled = abgebrochen
state-finished = beendet
state-completed = fertig
state-expired = abgelaufen
state-running = im Gange
state-planning = in Planung
state-draft = ein Entwurf
state-failed = fehlgeschlagen

## suggestions

advice-gone = Diesen Vorschlag gibt es nicht mehr; sehen Sie sich die neuen an.
advice-accepted = Dieser Vorschlag wurde schon angenommen.
advice-nothing-left = Vom Vorschlag bleibt nichts übrig.
advice-instead = Nur Archivieren und Papierkorb können füreinander stehen.
advice-none-part = Nichts davon gehört zum Vorschlag.
advice-headers = Die Kopfzeilen konnten nicht gelesen werden.
advice-answered = Sie antworten ihnen oder lesen fast alles, was sie schreiben.
advice-all-lists = Alles davon ist Listenmail.
advice-some-lists = Listenmail von { NUMBER($lists) } der { NUMBER($all) } Absender.
advice-read = Gelesen haben Sie { NUMBER($read) } von { NUMBER($all) }.
advice-looked = Von { NUMBER($looked) } angesehenen gehören { NUMBER($those) } zur Klasse „{ $class }“.
advice-asked-once = Jede Liste wird einmal gefragt. Die Mails, die da sind, bleiben.
advice-stars-stay = Mails mit Stern bleiben, und alle, denen Sie je geantwortet haben.
advice-older = Nur, was seit einem Monat da ist.
advice-forgotten = Nur, was vor über einem Jahr kam und nie geöffnet wurde.
advice-not-forgotten = Nur, was seit einem Monat da ist, und nicht, was seit einem Jahr niemand geöffnet hat.
advice-wherever = Wo immer die Mails liegen.
advice-looked-at = { NUMBER($those) } von { NUMBER($looked) } angesehenen sind es
advice-none-read = Listenmail, von { NUMBER($all) } keine gelesen
advice-what-unopened = { $what }, { NUMBER($count) } seit einem Jahr nicht geöffnet
advice-what-away = { $what }, { NUMBER($away) } der letzten { NUMBER($recent) } sind schon nicht mehr im Posteingang
advice-what-read = { $what }, { NUMBER($read) } von { NUMBER($all) } gelesen
advice-list-mail = Listenmail
advice-by-machine = von einer Maschine geschrieben
advice-nobody-waits = nichts, worauf jemand wartet
advice-you-read = { NUMBER($read) } von { NUMBER($all) } gelesen
advice-you-starred = { NUMBER($starred) } von { NUMBER($all) } mit Stern
advice-you-answered = { NUMBER($answered) } von { NUMBER($all) } beantwortet
broke-down-mailbox = Das Postfach durchzusehen ist immer wieder gescheitert.
broke-down-headers = Die Kopfzeilen zu lesen ist immer wieder gescheitert.
broke-down-reports = Nach Berichten zu sehen ist immer wieder gescheitert.
reports-unsearchable = Nach Berichten lässt sich nicht suchen: { $why }
reports-first = Nur die ersten { NUMBER($most) } Berichte wurden gelesen.

## review

review-no-text = Der Auftrag, der diese Mails angesehen hat, bekam keinen Text für Antworten.

## rules

rule-inexact = Dieses Konto kann diese Mails nicht genau so zurückbringen, wie sie waren.
rule-risky = Was sie täte, ist mehr, als ohne einen Blick darauf geht.
rule-drifted = Zwischen Ansehen und Bestätigen hat sich etwas geändert.
rule-too-many = Es sind { NUMBER($mails) } Mails, mehr als die { NUMBER($most) }, die die Regel ungefragt nimmt.
rule-old = Führen Sie die Regel zuerst aus: Es gibt kein Ergebnis, oder es ist über eine Stunde alt.
rule-off = Diese Regel ist ausgeschaltet, hat sich selbst angehalten oder wurde seit dem Lauf geändert.
rule-nothing = Für diese Regel gibt es nichts zu tun.
rule-only-on = Nur eine eingeschaltete Regel kann laufen. Testen Sie sie, und schalten Sie sie ein.
rule-paused = Diese Regel hat sich selbst angehalten, weil drei ihrer Läufe zurückgenommen wurden. Sehen Sie sich an, was sie sagt, und schalten Sie sie wieder ein.
rule-other-looks = Das Postfach wird gerade für eine andere Regel durchgesehen. Warten Sie, bis das beendet ist.
rule-gone = Diese Regel gibt es nicht mehr.
rule-changed = Die Regel wurde inzwischen geändert. Sehen Sie noch einmal nach.
rule-search = Die Suche der Regel ist nicht lesbar.
rules-changed = Die Regeln wurden inzwischen geändert. Sehen Sie sie sich an, wie sie jetzt sind.
rules-most = Ein Konto hat höchstens { NUMBER($most) } Regeln.
rules-no-zone = Diese Zeitzone gibt es nicht.
rules-twice = Sie ist zweimal genannt.
rules-no-such = Diese Regel gibt es nicht; für eine neue lassen Sie die Angabe weg.
rules-test-first = Testen Sie sie zuerst, genau so, wie sie hier steht: Was nie getestet wurde, lässt sich nicht einschalten.
rules-drifted = Seit dem Entwurf hat sich etwas geändert. Sehen Sie sich an, worum es jetzt geht.
protected-star = sie hat einen Stern
protected-answered = sie wurde beantwortet
protected-label = sie hat ein Label
protected-contact = der Absender steht in den Kontakten
protected-sender = dem Absender wurde schon geantwortet
unknown-deleted = Endgültig gelöschte Mails sind nicht mehr da und zählen nicht mit.
unknown-by-whom = Ob Sie es waren, ein anderes Programm oder einer Ihrer Aufträge, sagt ein Postfach nicht.
unknown-words = Wie Mails bei ihrer Ankunft waren, ist nicht gespeichert; deshalb blieb „{ $words }“ aus ihrer Suche weg: Es könnten weniger gewesen sein.
unknown-more = Sie findet 10.000 Mails oder mehr; was darüber liegt, wurde nicht angesehen.
unknown-untold = Bei { NUMBER($mails) } Mails war nicht zu sagen, worum es geht; die Regel lässt sie in Ruhe.
unknown-unsearched = Etwas ließ sich nicht durchsuchen und zählt nicht mit.
unknown-answered = Wem Sie je geantwortet haben, ist erst bekannt, wenn die Seite „Absender“ einmal geöffnet war; bis dahin sind nur beantwortete Mails geschützt, nicht ihre Absender.
unknown-before = Regeln vor ihr sind nicht berücksichtigt; wenn sie läuft, sind sie es.

## templates, files, addresses

template-changed = Die Vorlage hat sich in diesem Moment geändert; sehen Sie noch einmal nach.
template-none = Eine Vorlage dieses Namens ist nicht gespeichert.
template-no-text = Diese Vorlage hat keinen reinen Text.
template-long = Der Text dieser Vorlage hat mehr als { NUMBER($most) } Bytes.
template-versions = Sie hat { NUMBER($most) } Fassungen, mehr werden nicht gespeichert: Speichern Sie sie unter einem anderen Namen.
template-many = Es sind schon { NUMBER($most) } Vorlagen gespeichert: Vergessen Sie zuerst eine.
template-multiplies = Zeile { $line }: Eine Vorlage multipliziert nichts.
template-tag = Zeile { $line }: Eine Vorlage kennt „{ $tag }“ nicht; sie kennt if, elif, else und endif.
reply-says = { $why } Eine Antwort kann von einer Mail { $words } nennen.
letter-no-recipient = Das ist kein Empfänger.
letter-large = Die Mail wird größer als 10 MB.
letter-same-column = Eine Vorlage kann sie nicht von „{ $other }“ unterscheiden: Benennen Sie eine um.
letter-domain = Was hinter dem @ steht, kann im DNS keine Domain sein.
letter-same-address = Dieselbe Adresse wie in Zeile { $row }: Jede bekommt eine Mail.
letter-subject-empty = Der Betreff bleibt leer.
letter-subject-control = Der Betreff bekäme einen Zeilenumbruch oder ein anderes Steuerzeichen.
letter-subject-long = Der Betreff wird länger als 900 Bytes.
letter-text-empty = Der Text bleibt leer.
letter-no-column = Keine Spalte heißt „{ $name }“.
letter-cell-empty = Die Zelle ist leer, und nichts steht an ihrer Stelle.
suppressed-full = Die Liste hat { NUMBER($addresses) } Adressen und Platz für { NUMBER($most) }.
suppressed-address = Muss eine Adresse sein.
file-empty = Sie ist leer.
file-large = Eine Datei hat höchstens { NUMBER($most) } MB.
file-gone = „{ $name }“ ist für dieses Konto nicht gespeichert oder nicht lange genug: Laden Sie sie noch einmal hoch.
file-room = Für die Mails eines Kontos werden { NUMBER($most) } MB an Dateien gespeichert, jede { NUMBER($days) } Tage; Platz ist jetzt für { NUMBER($left) } MB.
model-other-now = Jetzt ist ein anderes Modell gewählt; sehen Sie noch einmal nach, was wohin geht.
model-settings-changed = Die Einstellungen haben sich in diesem Moment geändert; sehen Sie noch einmal nach.
model-no-server = Das ist keine Adresse eines Webservers.
model-encryption = Ohne Verschlüsselung wird nur ein Modell auf diesem Rechner selbst gefragt.
model-public = Gefragt werden nur Modelle im öffentlichen Internet, verschlüsselt und an den üblichen Ports.
model-silent = das Modell antwortet nicht

## servers that do not answer as hoped

server-no-host = einen Server dieses Namens gibt es nicht, oder er ist gerade nicht zu finden
server-no-name = einen Server dieses Namens gibt es nicht
server-broke = die Verbindung brach ab: { $why }
server-silent = der Server antwortet nicht
server-closed = der Server hat die Verbindung geschlossen
server-senseless = die Antwort des Servers ergibt keinen Sinn
server-not-understood = die Antwort des Servers ist unverständlich: { $why }
server-early = der Server hat geantwortet, bevor die Frage zu Ende war; vielleicht kennt er solchen Text nicht
server-too-much = die Antwort des Servers ist zu groß; eine engere Suche, in einem Ordner oder Zeitraum, kann helfen
server-answered = der Server hat mit { $code } geantwortet
server-later = er bittet, später wiederzukommen
server-says = Er sagt „{ $words }“.
server-administrator = er bittet, seinen Administrator zu fragen
server-in-the-middle = er hat mittendrin abgelehnt
server-at-work = er arbeitet noch an dem, was vorher gesendet wurde
server-token-check = er kann das Token gerade nicht prüfen
server-folder-replaced = ein Ordner wurde ersetzt, während er gelesen wurde
why-port = an diesem Port antwortet niemand
why-no-way = von hier führt kein Weg zum Server
why-no-way-to-it = von hier führt kein Weg dorthin
why-long = es hat zu lange gedauert
why-cut-off = sie wurde unterbrochen
why-tls = der Server spricht TLS nicht wie wir; vielleicht passt ein anderer Port oder eine andere Verschlüsselung
why-untrusted = das Zertifikat des Servers hat niemand unterschrieben, dem hier vertraut wird
why-expired = das Zertifikat des Servers ist abgelaufen
why-other-name = das Zertifikat des Servers gilt für einen anderen Namen
why-invalid = das Zertifikat des Servers ist ungültig
why-not-trusted = seinem Zertifikat wird nicht vertraut
why-no-encryption = eine Verschlüsselung kam nicht zustande
why-no-place = dorthin gehen wir nicht
why-lost = die Antwort ging verloren
why-over = der Aufruf war vorbei
imap-name = Der Name des Mailservers ist kein gültiger Rechnername.
imap-ports = Postfächer werden nur an den Ports 993 und 143 erreicht.
smtp-ports = Server für ausgehende Mail werden nur an den Ports 465 und 587 erreicht.
imap-plain = Ohne Verschlüsselung wird ein Mailserver nur auf diesem Rechner selbst erreicht; wählen Sie TLS oder STARTTLS.
imap-encrypted = Mailserver werden nur verschlüsselt erreicht; wählen Sie TLS oder STARTTLS.
imap-not-public = Dieser Mailserver steht nicht im öffentlichen Internet.
imap-no-tokens = Dieser Mailserver nimmt keine Token (OAuth), nur ein Passwort.
imap-no-password = Dieser Mailserver nimmt auf dieser Art Verbindung kein Passwort; vielleicht nimmt er eine Zustimmung (OAuth).
imap-ascii = Dieser Mailserver sucht nur nach Text in einfachem ASCII.
imap-search = Dieser Mailserver versteht die Suche nicht.
imap-label = Ein IMAP-Server kann das Label „{ $label }“ nicht speichern: Labels sind dort ein Wort aus einfachen Buchstaben und Zeichen.
imap-no-labels = Dieser Mailserver nimmt keine neuen Labels.
imap-refused-label-said = Der Mailserver nimmt das Label „{ $label }“ nicht: „{ $words }“.
imap-refused-label = Der Mailserver nimmt das Label „{ $label }“ nicht.
imap-no-folder = Einen Ordner „{ $folder }“ gibt es nicht, und der Mailserver lässt ihn nicht anlegen.
imap-no-deleted = Dieser Server zeigt Administratoren gelöschte Postfächer nicht über IMAP; Cyrus ab Version 3.2 tut das.
imap-no-administrator = Dieser Benutzer ist kein Administrator des Mailsystems; Cyrus nennt die seinen in der Einstellung `admins`.
imap-comment = Wo vermerkt wird, was getan ist, steht in diesem Postfach ein fremder Kommentar; entfernen Sie ihn zuerst.
oauth-scope = Die Zustimmung umfasst keine Mail; geben Sie sie noch einmal, zum Lesen, Ändern und Senden von Mail.
oauth-hour = Die Zustimmung endet innerhalb einer Stunde: Der Anbieter gab nichts, womit sie sich erneuern ließe.
oauth-place = Dort wird nicht nach Token gefragt: Die Adresse beginnt mit https:// und liegt im öffentlichen Internet.
oauth-unknown = Dieser Server ist dem Anbieter dieses Postfachs nicht als Programm bekannt; verbinden Sie es auf andere Weise.
oauth-none = es wurde kein Token ausgegeben
oauth-not-now = die Ausgabestelle für Token kann gerade nicht
oauth-said = die Ausgabestelle für Token: { $why }
oauth-senseless = die Antwort der Ausgabestelle für Token ergibt keinen Sinn
smtp-tls = Der Mailserver verschlüsselt die Verbindung nicht; wählen Sie TLS.
smtp-no-tokens = Der Server für ausgehende Mail nimmt keine Token (OAuth), nur ein Passwort.
smtp-silent = der Server für ausgehende Mail antwortet nicht
smtp-senseless = die Antwort des Servers für ausgehende Mail ergibt keinen Sinn
smtp-off = Das Senden durch ein Mailprogramm ist für dieses Postfach ausgeschaltet: Wer es verwaltet, kann authentifiziertes SMTP erlauben.
smtp-nothing = der Server für ausgehende Mail nimmt gerade nichts an
dav-no-book = Dieses Konto hat auf jenem Server kein Adressbuch.
dav-none = Unter dieser Adresse gibt es keinen CardDAV-Server.
dav-no-book-here = Unter dieser Adresse gibt es kein Adressbuch.
dav-elsewhere = Dieser Server schickt uns weiter, wohin wir nicht gehen.
dav-card-address = Eine Karte in diesem Adressbuch hat eine Adresse, die sich nicht speichern lässt.
dav-book-address = Die Adresse dieses Adressbuchs selbst ist zu lang.
dav-no-address = Das ist keine Webadresse.
dav-https = Die Adresse eines Adressbuchs beginnt mit https://.
dav-no-secrets = Name und Passwort gehören nicht in die Adresse.
dav-unsendable = Name oder Passwort lassen sich nicht senden.
dav-ports = Server für Kontakte werden nur an den Ports 443 und 8443 erreicht.
dav-only-https = Server werden nur über https erreicht.
dav-not-public = Dieser Server steht nicht im öffentlichen Internet.
dav-plain = Ohne https wird ein Server nur auf diesem Rechner selbst erreicht.
exchange-certificate = Das ist kein Zertifikat in PEM: Es beginnt mit -----BEGIN CERTIFICATE-----.
exchange-key = Das ist kein privater Schlüssel in PEM (PKCS #8): Er beginnt mit -----BEGIN PRIVATE KEY-----.
exchange-rsa = Der private Schlüssel ist kein RSA-Schlüssel mit mindestens 2.048 Bit, wie Entra ihn verlangt.
exchange-tenant = Die Organisation wird durch ihre Kennung oder eine Domain genannt, etwa contoso.onmicrosoft.com.
exchange-tenant-short = Die Organisation wird durch ihre Kennung oder eine Domain genannt.
exchange-place = Dorthin gehen wir nicht.
exchange-not-now = Entra kann gerade nicht
exchange-answered = Entra hat mit { $code } geantwortet
exchange-senseless = die Antwort von Entra ist unverständlich
exchange-unreachable = Exchange ist nicht erreichbar
exchange-silent = Exchange hat nicht geantwortet
exchange-not-understood = die Antwort von Exchange ist unverständlich
exchange-broke-off = die Antwort von Exchange brach ab
exchange-broke-down = Exchange hat versagt

## what is to be known of a provider

provider-gmail = Google nimmt ein App-Passwort (myaccount.google.com/apppasswords, braucht die Bestätigung in zwei Schritten) oder eine Zustimmung, nie Ihr gewöhnliches Passwort.
provider-gmail-labels = Labels sehen dort aus wie Ordner: Eine Mail zu verschieben ändert ihre Labels, und „Alle Nachrichten“ enthält jede Mail noch einmal; deshalb bleibt es bei Suchen außen vor.
provider-gmail-trash = Mails im Papierkorb löscht Google nach 30 Tagen.
provider-microsoft = Microsoft nimmt hier kein Passwort, nur eine Zustimmung (OAuth) mit der Berechtigung IMAP.AccessAsUser.All.
provider-no-numbers = Dieser Server zählt Änderungen nicht, daher kann eine gleichzeitige fremde Änderung unbemerkt bleiben.
provider-app-password = { $name } nimmt ein App-Passwort ({ $where }), nie Ihr gewöhnliches Passwort.
provider-app-password-plain = { $name } nimmt ein App-Passwort, nie Ihr gewöhnliches Passwort.
provider-specific-password = Apple nimmt ein anwendungsspezifisches Passwort (account.apple.com), nie Ihr gewöhnliches Passwort.
provider-before-at = Wird Ihre Adresse als Benutzer abgelehnt, versuchen Sie den Teil vor dem @.
provider-switch-two-factor = { $name } lässt Mailprogramme erst ein, wenn das eingeschaltet ist: Einstellungen, POP3/IMAP. Bei Anmeldung mit zweitem Faktor nimmt es ein App-Passwort.
provider-switch = { $name } lässt Mailprogramme erst ein, wenn das eingeschaltet ist: { $where }.
provider-switch-settings = { $name } lässt Mailprogramme erst ein, wenn das in seinen Einstellungen eingeschaltet ist.
provider-code = { $name } nimmt einen Autorisierungscode ({ $where }), nie Ihr gewöhnliches Passwort.
provider-telekom = Die Telekom nimmt ein eigenes Passwort für Mailprogramme (Kundencenter, Dienste & Passwörter), nie Ihr gewöhnliches Passwort.
provider-yandex = Yandex nimmt ein App-Passwort, sobald Mailprogramme in den Einstellungen eingeschaltet sind.
provider-mailru = Mail.ru nimmt ein Passwort für externe Anwendungen, nie Ihr gewöhnliches Passwort.
provider-proton = Proton ist nur über seine Bridge auf Ihrem eigenen Rechner erreichbar: Nennen Sie den Server 127.0.0.1 sowie Port und Passwort, die die Bridge zeigt.
provider-tuta = Tuta lässt keine anderen Mailprogramme ein: Es hat kein IMAP.

## files of mail

import-recognised = Erkannt: { $why }.
import-label = Das Label „{ $label }“ heißt hier „{ $kept }“.
import-left-out = Ausgelassen: { $why }.
import-more = Ausgelassen: { NUMBER($count) } weitere, oben mitgezählt.
