//! Which mail servers may be reached. People name the host, so on a server of ours that name must not
//! lead to what only our side of the network can see: neighbours, metadata services, ourselves.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use bulkhead_engine::ports::CallError;
use bulkhead_shared::api::Security;

/// What a mail server is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// What is in a mailbox.
    Mailbox,
    /// That it sends mails.
    Sending,
}

impl Service {
    /// Where such servers answer (RFC 9051, section 11.1; RFC 8314, section 3.3, and RFC 6409, section 3.1). At
    /// other ports, somebody could ask us for what is no mail server at all.
    fn ports(self) -> [u16; 2] {
        match self {
            Self::Mailbox => [993, 143],
            Self::Sending => [465, 587],
        }
    }

    fn refusal(self) -> &'static str {
        match self {
            Self::Mailbox => "Mailboxes are reached only at the ports 993 and 143.",
            Self::Sending => "Servers that send mails are reached only at the ports 465 and 587.",
        }
    }
}

/// Where web servers answer that are asked for contacts and for tokens: the port of `https`, and the one that
/// programs take that may not have that one.
const WEB_PORTS: [u16; 2] = [443, 8443];

/// Where servers may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Anywhere this machine can reach, for somebody's own machine. Without encryption only on this
    /// machine itself.
    Anywhere,
    /// On the public internet, at the ports of mail servers and web servers, encrypted.
    Public,
}

impl Reach {
    /// Those of a host's addresses that may be connected to. They are connected to as they are: a
    /// second look-up of the name might tell something else.
    pub(super) fn permitted(
        self,
        addresses: impl Iterator<Item = SocketAddr>,
        security: Security,
        service: Service,
    ) -> Result<Vec<SocketAddr>, CallError> {
        let (mut found, mut permitted) = (false, Vec::new());
        for address in addresses {
            found = true;
            if self == Self::Public && !service.ports().contains(&address.port()) {
                return Err(CallError::Unsupported(service.refusal().to_owned()));
            }
            if self.permits(address.ip(), security) {
                permitted.push(address);
            }
        }
        if found && permitted.is_empty() {
            return Err(CallError::Unsupported(self.refusal(security).to_owned()));
        }
        Ok(permitted)
    }

    /// Whether this address may be connected to in this way.
    pub(crate) fn permits(self, address: IpAddr, security: Security) -> bool {
        let encrypted = security != Security::None;
        match self {
            Self::Anywhere => encrypted || address.is_loopback(),
            Self::Public => encrypted && is_public(address),
        }
    }

    /// Whether a web server may be asked at this port.
    pub(crate) fn permits_web_port(self, port: Option<u16>) -> bool {
        match self {
            Self::Anywhere => true,
            Self::Public => port.is_some_and(|port| WEB_PORTS.contains(&port)),
        }
    }

    fn refusal(self, security: Security) -> &'static str {
        match (self, security) {
            (Self::Anywhere, _) => {
                "Without encryption a mail server is reached only on this machine itself; choose \
                 TLS or STARTTLS."
            }
            (Self::Public, Security::None) => {
                "Mail servers are reached only with encryption; choose TLS or STARTTLS."
            }
            (Self::Public, _) => "This mail server is not on the public internet.",
        }
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Not in IANA's registry of special-purpose addresses, and no multicast.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127, _, _) // "this network", private, loopback
            | (100, 64..=127, _) // carrier-grade translation
            | (169, 254, _) // link-local: metadata services
            | (172, 16..=31, _) // private
            | (192, 0, 0 | 2) // protocol assignments, documentation
            | (192, 88, 99) // 6to4 relays
            | (192, 168, _) // private
            | (198, 18 | 19, _) // benchmarks
            | (198, 51, 100) // documentation
            | (203, 0, 113) // documentation
            | (224..=255, _, _) // multicast, reserved, broadcast
    );
    !special
}

/// Global unicast (2000::/3) without what is special in there. Addresses that carry an IPv4 address
/// count as that one.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    match address.segments() {
        // A translator's prefix (RFC 6052): what a network without IPv4 sees of the rest.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        // Protocol assignments with Teredo; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // 6to4: leads to any IPv4 address.
        [0x2002, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn permitted(reach: Reach, addresses: &[&str], security: Security) -> Result<usize, CallError> {
        let addresses = addresses
            .iter()
            .map(|address| SocketAddr::new(address.parse().unwrap(), 993));
        let permitted = reach.permitted(addresses, security, Service::Mailbox);
        permitted.map(|permitted| permitted.len())
    }

    #[test]
    fn refuses_whatever_is_not_on_the_public_internet() {
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "169.254.170.2",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::7f00:1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            let refused = permitted(Reach::Public, &[address], Security::Tls);
            assert!(
                matches!(refused, Err(CallError::Unsupported(_))),
                "{address}"
            );
            assert_eq!(
                permitted(Reach::Anywhere, &[address], Security::Tls).unwrap(),
                1
            );
        }
    }

    #[test]
    fn permits_what_is_public_and_keeps_only_that() {
        for address in [
            "1.1.1.1",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "193.0.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
        ] {
            let count = permitted(Reach::Public, &[address, "10.0.0.1"], Security::StartTls);
            assert_eq!(count.unwrap(), 1, "{address}");
        }
    }

    #[test]
    fn only_ports_of_mail_servers_are_knocked_at_but_on_somebodys_own_machine() {
        let at = |reach: Reach, service, port| {
            let address = SocketAddr::new("1.1.1.1".parse().unwrap(), port);
            reach.permitted([address].into_iter(), Security::Tls, service)
        };
        for (service, ports) in [
            (Service::Mailbox, [993, 143]),
            (Service::Sending, [465, 587]),
        ] {
            for port in [
                0, 22, 25, 80, 110, 143, 443, 465, 587, 993, 995, 1143, 3306, 65_535,
            ] {
                let found = at(Reach::Public, service, port);
                if ports.contains(&port) {
                    assert_eq!(found.unwrap().len(), 1, "{service:?} {port}");
                } else {
                    assert!(
                        matches!(found, Err(CallError::Unsupported(_))),
                        "{service:?} {port}"
                    );
                }
                assert_eq!(at(Reach::Anywhere, service, port).unwrap().len(), 1);
            }
        }
    }

    #[test]
    fn only_ports_of_web_servers_are_asked_for_contacts_and_tokens() {
        for port in [443, 8_443] {
            assert!(Reach::Public.permits_web_port(Some(port)), "{port}");
        }
        for port in [0, 22, 25, 80, 143, 993, 2_375, 3_306, 6_379, 8_080, 9_200] {
            assert!(!Reach::Public.permits_web_port(Some(port)), "{port}");
            assert!(Reach::Anywhere.permits_web_port(Some(port)), "{port}");
        }
        assert!(!Reach::Public.permits_web_port(None));
    }

    #[test]
    fn nothing_goes_out_in_plain_but_on_somebodys_own_machine() {
        for address in ["1.1.1.1", "127.0.0.1"] {
            assert!(permitted(Reach::Public, &[address], Security::None).is_err());
        }
        assert!(permitted(Reach::Anywhere, &["1.1.1.1"], Security::None).is_err());
        assert!(permitted(Reach::Anywhere, &["192.168.1.1"], Security::None).is_err());
        assert_eq!(
            permitted(Reach::Anywhere, &["127.0.0.1", "1.1.1.1"], Security::None).unwrap(),
            1
        );
    }

    #[test]
    fn a_name_without_addresses_is_no_refusal() {
        assert_eq!(permitted(Reach::Public, &[], Security::None).unwrap(), 0);
    }
}
