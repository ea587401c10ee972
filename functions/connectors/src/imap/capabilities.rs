//! What a server says it can do, as far as it matters to us.

/// The capabilities we use. All off until the server says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Capabilities {
    pub(super) r#move: bool,
    pub(super) condstore: bool,
    pub(super) qresync: bool,
    pub(super) uidplus: bool,
    pub(super) special_use: bool,
    pub(super) create_special_use: bool,
    pub(super) list_status: bool,
    pub(super) esearch: bool,
    pub(super) sort: bool,
    pub(super) namespace: bool,
    pub(super) objectid: bool,
    pub(super) acl: bool,
    pub(super) list_metadata: bool,
    pub(super) sasl_ir: bool,
    pub(super) auth_plain: bool,
    pub(super) auth_oauthbearer: bool,
    pub(super) auth_xoauth2: bool,
    pub(super) login_disabled: bool,
    /// X-GUID: not announced by anybody, so it is tried.
    pub(super) x_guid: bool,
}

impl Capabilities {
    /// Reads a capability list, in capitals.
    pub(super) fn of(list: &[String]) -> Self {
        let mut can = Self::default();
        list.iter().for_each(|name| can.learn(name));
        can
    }

    fn learn(&mut self, name: &str) {
        match name {
            "AUTH=PLAIN" => self.auth_plain = true,
            "AUTH=OAUTHBEARER" => self.auth_oauthbearer = true,
            "AUTH=XOAUTH2" => self.auth_xoauth2 = true,
            "MOVE" => self.r#move = true,
            "CONDSTORE" => self.condstore = true,
            // RFC 7162: QRESYNC contains CONDSTORE.
            "QRESYNC" => (self.qresync, self.condstore) = (true, true),
            "UIDPLUS" => self.uidplus = true,
            "SPECIAL-USE" => self.special_use = true,
            "CREATE-SPECIAL-USE" => self.create_special_use = true,
            "LIST-STATUS" => self.list_status = true,
            "ESEARCH" => self.esearch = true,
            "SORT" => self.sort = true,
            "NAMESPACE" => self.namespace = true,
            "OBJECTID" => self.objectid = true,
            "ACL" => self.acl = true,
            "LIST-METADATA" => self.list_metadata = true,
            "SASL-IR" => self.sasl_ir = true,
            "LOGINDISABLED" => self.login_disabled = true,
            _ => {}
        }
    }

    /// Whether mail can be moved without taking others' deleted mail along.
    pub(super) fn can_move(&self) -> bool {
        self.r#move || self.uidplus
    }
}
