//! What a domain says in the DNS: its services (RFC 2782, 6186) and who takes its mail. The system's own
//! look-up only tells addresses.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, TYPE};
use tokio::net::UdpSocket;
use tokio::time::timeout;

/// The longest that one server is waited for.
const ANSWER_MOST: Duration = Duration::from_secs(2);
/// Servers that are tried.
const SERVERS_TRIED: usize = 2;
/// Bytes of an answer: those that a server may send without being asked for more (RFC 1035), and room.
const ANSWER_BYTES: usize = 4_096;

/// Asks the servers that this machine asks.
pub(super) struct Resolver {
    servers: Vec<SocketAddr>,
}

impl Resolver {
    pub(super) fn of(servers: Vec<SocketAddr>) -> Self {
        Self { servers }
    }

    /// As the system is set up.
    pub(super) fn of_this_machine() -> Self {
        let text = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
        Self::of(servers(&text))
    }

    /// Where a domain has this service: the server of the lowest priority. None too where the domain says
    /// that it has none.
    pub(super) async fn service(&self, service: &str, domain: &str) -> Option<(String, u16)> {
        let name = format!("{service}._tcp.{domain}");
        let found = self.ask(&name, TYPE::SRV, |data| match data {
            RData::SRV(srv) => Some((srv.priority, srv.target.to_string(), srv.port)),
            _ => None,
        });
        let mut found = found.await;
        found.retain(|(_, host, port)| *port != 0 && is_host(host));
        found.sort();
        let (_, host, port) = found.into_iter().next()?;
        Some((host, port))
    }

    /// The servers that take a domain's mail.
    pub(super) async fn takes_mail(&self, domain: &str) -> Vec<String> {
        let found = self.ask(domain, TYPE::MX, |data| match data {
            RData::MX(mx) => Some((mx.preference, mx.exchange.to_string())),
            _ => None,
        });
        let mut found = found.await;
        found.sort();
        found.into_iter().map(|(_, host)| host).collect()
    }

    async fn ask<T>(
        &self,
        name: &str,
        kind: TYPE,
        read: impl Fn(&RData<'_>) -> Option<T>,
    ) -> Vec<T> {
        for server in self.servers.iter().take(SERVERS_TRIED) {
            let Some(answer) = ask_one(*server, name, kind).await else {
                continue;
            };
            if let Ok(packet) = Packet::parse(&answer) {
                return packet
                    .answers
                    .iter()
                    .filter_map(|record| read(&record.rdata))
                    .collect();
            }
        }
        Vec::new()
    }
}

async fn ask_one(server: SocketAddr, name: &str, kind: TYPE) -> Option<Vec<u8>> {
    // A number that others cannot guess, from the operating system's own chance.
    let id = RandomState::new().build_hasher().finish() as u16;
    let mut query = Packet::new_query(id);
    query.set_flags(PacketFlag::RECURSION_DESIRED);
    let name = Name::new(name).ok()?;
    query
        .questions
        .push(Question::new(name, kind.into(), CLASS::IN.into(), false));
    let query = query.build_bytes_vec().ok()?;
    let from: SocketAddr = match server {
        SocketAddr::V4(_) => ([0, 0, 0, 0], 0).into(),
        SocketAddr::V6(_) => (std::net::Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(from).await.ok()?;
    socket.connect(server).await.ok()?;
    socket.send(&query).await.ok()?;
    let mut buffer = vec![0; ANSWER_BYTES];
    let answered = async {
        loop {
            let length = socket.recv(&mut buffer).await.ok()?;
            if buffer.get(..2) == query.get(..2) {
                return Some(length);
            }
        }
    };
    let length = timeout(ANSWER_MOST, answered).await.ok()??;
    buffer.truncate(length);
    Some(buffer)
}

fn servers(text: &str) -> Vec<SocketAddr> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("nameserver")?.trim().parse().ok())
        .map(|address: IpAddr| SocketAddr::new(address, 53))
        .collect()
}

fn is_host(host: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    host.contains('.') && host.len() > 1 && host.chars().all(inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod testing {
    use super::*;
    use simple_dns::ResourceRecord;
    use simple_dns::rdata::{MX, SRV};

    /// A name with its services (priority, port, host) and the servers that take its mail.
    type Zone = (
        &'static str,
        &'static [(u16, u16, &'static str)],
        &'static [&'static str],
    );

    /// A resolver whose server says this and nothing else.
    pub(in crate::discover) async fn answering(zones: &[Zone]) -> Resolver {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let server = socket.local_addr().unwrap();
        let zones = zones.to_vec();
        tokio::spawn(async move {
            let mut buffer = vec![0; 2_048];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                let query = Packet::parse(&buffer[..length]).unwrap();
                let asked = query.questions[0].qname.to_string();
                let mut answer = Packet::new_reply(query.id());
                answer.questions.push(query.questions[0].clone());
                let known = zones.iter().filter(|(name, ..)| *name == asked);
                for (name, services, mail) in known {
                    let mut add = |data| {
                        let name = Name::new(name).unwrap();
                        answer
                            .answers
                            .push(ResourceRecord::new(name, CLASS::IN, 60, data));
                    };
                    for (priority, port, host) in *services {
                        add(RData::SRV(SRV {
                            priority: *priority,
                            weight: 0,
                            port: *port,
                            target: Name::new(host.trim_end_matches('.')).unwrap(),
                        }));
                    }
                    for host in *mail {
                        add(RData::MX(MX {
                            preference: 1,
                            exchange: Name::new(host).unwrap(),
                        }));
                    }
                }
                let bytes = answer.build_bytes_vec().unwrap();
                socket.send_to(&bytes, from).await.unwrap();
            }
        });
        Resolver::of(vec![server])
    }

    #[test]
    fn the_system_s_servers_are_read() {
        let text =
            "# x\nnameserver 10.0.0.2\nsearch a.example\nnameserver ::1\nnameserver nonsense\n";
        let read = servers(text);
        assert_eq!(
            read,
            ["10.0.0.2:53".parse().unwrap(), "[::1]:53".parse().unwrap()]
        );
        assert!(!is_host("") && !is_host(".") && !is_host("a b.example") && is_host("a.example"));
    }
}
