//! Headers of all mails, for counting who fills the mailbox.

use bulkhead_engine::ports::{Header, HeaderFolder, Headers, ListMail};
use bulkhead_shared::query::Query;
use rusqlite::Connection;

use super::Inner;
use super::error::SandboxError;
use super::listing::{parted, time};

impl Inner {
    /// All of it as one: there is one number that grows with every change.
    pub(super) fn header_folders(
        &self,
        connection: &Connection,
    ) -> Result<Vec<HeaderFolder>, SandboxError> {
        let sql = format!(
            "SELECT count(*) FROM mail WHERE folder NOT IN ({})",
            self.hidden()
        );
        let mails = connection.query_row(&sql, [], |row| row.get(0))?;
        Ok(vec![HeaderFolder {
            name: String::new(),
            mark: Some(Self::sync_token(connection)?),
            mails: Some(mails),
        }])
    }

    pub(super) fn headers(
        &self,
        connection: &Connection,
        after: i64,
        limit: u32,
    ) -> Result<Headers, SandboxError> {
        let sql = format!(
            "SELECT m.id, m.flags, m.received, m.size, e.sender, l.list, l.unsubscribe, l.automatic
             FROM mail m JOIN envelope e ON e.id = m.id LEFT JOIN list_mail l ON l.id = m.id
             WHERE m.id > ?1 AND m.folder NOT IN ({}) ORDER BY m.id LIMIT ?2",
            self.hidden()
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query((after, limit))?;
        let mut headers = Vec::new();
        while let Some(row) = rows.next()? {
            let key: i64 = row.get(0)?;
            let (unread, starred, answered) =
                self.places.with_set(connection, row.get(1)?, |set| {
                    (set.unread(), set.starred(), set.answered())
                })?;
            let sender: String = row.get(4)?;
            let (name, address) = parted(&sender);
            let list: Option<String> = row.get(5)?;
            let unsubscribe = row.get::<_, Option<bool>>(6)?.unwrap_or(false);
            headers.push(Header {
                key: key.cast_unsigned(),
                address: address.to_lowercase(),
                name: name.to_owned(),
                list: list.map(|id| ListMail { id, unsubscribe }),
                automatic: row.get::<_, Option<bool>>(7)?.unwrap_or(false),
                received: time(row.get(2)?),
                size: row.get(3)?,
                unread,
                starred,
                answered,
            });
        }
        let last = headers.last().filter(|_| headers.len() >= limit as usize);
        Ok(Headers {
            next: last.map(|header| header.key.to_string()),
            headers,
        })
    }

    /// Numbers of the folders that a search without `in:` does not look into.
    fn hidden(&self) -> String {
        let all = Query::All(Vec::new());
        let folders = self.places.folders();
        let hidden = folders
            .iter()
            .filter(|folder| all.in_folder(&folder.name, folder.role).is_none());
        let numbers: Vec<String> = hidden.map(|folder| folder.id.to_string()).collect();
        numbers.join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::parted;

    #[test]
    fn a_sender_is_parted_as_it_is_shown() {
        assert_eq!(parted("Ann B. <ann@b.org>"), ("Ann B.", "ann@b.org"));
        assert_eq!(parted("a < b <ann@b.org>"), ("a < b", "ann@b.org"));
        assert_eq!(parted("ann@b.org"), ("", "ann@b.org"));
        assert_eq!(parted("Nobody"), ("Nobody", ""));
        assert_eq!(parted(""), ("", ""));
    }
}
