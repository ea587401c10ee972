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

## operations (mail)

## operations (contact)

## operations (mailbox)

## operations (recipient)

## outcome

## problem

## class

## proposal

## rules

## query

## selection

## csv

## address

## vcard

## attached files

## api

## advice

## unsubscribe

## limits and options
