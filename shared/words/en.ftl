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
