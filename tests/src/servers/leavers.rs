//! Users of a Cyrus who left: their deleted mailboxes, and what plain clients see of them.

use super::cyrus::Cyrus;
use super::imap_client::{Client, Seen};

/// The folder that each of them has beside the inbox.
const WORK: &str = "Work";
/// Mails in each folder.
const MAILS: usize = 5;

/// What an owner sees in the inbox and in one folder.
pub type View = [Vec<Seen>; 2];

/// Users `old00`, `old01` and so on with mails, deleted by this administrator; what each of them saw before.
///
/// Debian's Cyrus counts the ids of mailboxes from the second in which a process began. Whatever else a test makes has
/// to be made by the same administrator's connection: another one's process may begin with the ids of these, and two
/// mailboxes of one id keep their mails in one place.
pub fn delete_users(server: &Cyrus, admin: &mut Client, users: usize) -> Vec<View> {
    let all = (0..users).map(|n| {
        let user = format!("old{n:02}");
        admin.command(&format!("CREATE user/{user}"));
        admin.command(&format!("CREATE user/{user}/{WORK}"));
        let mut owner = server.acting_as(&user);
        for folder in ["INBOX", WORK] {
            let mails: Vec<Vec<u8>> = (0..MAILS).map(|m| mail(&user, folder, m)).collect();
            owner.append(folder, &mails, "\\Seen work");
        }
        let view = seen(server, &user);
        admin.command(&format!("SETACL user/{user} admin x"));
        admin.command(&format!("DELETE user/{user}"));
        view
    });
    all.collect()
}

fn mail(user: &str, folder: &str, number: usize) -> Vec<u8> {
    format!(
        "From: {user}@x.example\r\nMessage-ID: <{user}.{folder}.{number}@x>\r\nSubject: {user} {number}\r\n\r\nx\r\n"
    )
    .into_bytes()
}

/// What a user sees now.
pub fn seen(server: &Cyrus, user: &str) -> View {
    let mut owner = server.acting_as(user);
    [owner.contents("INBOX"), owner.contents(WORK)]
}

/// What there is to know of why a user sees what they see: what the administrator and the user are told, and what
/// the user sees a moment later.
pub fn explained(server: &Cyrus, user: &str) -> String {
    let mut admin = server.admin();
    let mut owner = server.acting_as(user);
    let mut told = Vec::new();
    let status = "RETURN (STATUS (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ))";
    for listed in [format!("user/{user}*"), "DELETED/*".to_owned()] {
        told.extend(admin.command(&format!("LIST \"\" \"{listed}\" {status}")));
    }
    told.extend(admin.command(&format!("GETACL user/{user}")));
    for command in ["MYRIGHTS INBOX", "SELECT INBOX", "UID SEARCH ALL"] {
        told.extend(owner.command(command));
    }
    let [inbox, work] = seen(server, user);
    told.push(format!(
        "a moment later: {} and {}",
        inbox.len(),
        work.len()
    ));
    told.join("\n")
}

/// All folders there are, in use and deleted, each with how many mails are in it and since when its UIDs count.
pub fn folders(server: &Cyrus) -> Vec<String> {
    let listed = "LIST \"\" (\"user/*\" \"DELETED/*\") RETURN (STATUS (MESSAGES UIDVALIDITY))";
    let mut lines = server.admin().command(listed);
    lines.retain(|line| line.starts_with("* STATUS"));
    lines.sort();
    lines
}
