//! What Bulkhead needs of its template and no general checker knows. Each rule is a sentence that
//! holds; a template that breaks some is told all of them at once.

mod access;
mod api;
mod edge;
mod functions;
mod queues;
mod table;
mod template;
mod watching;

use serde_json::Value;

use template::{Rules, Template};

/// The rules that a translated template breaks.
pub(super) fn broken(template: &Value) -> Vec<String> {
    let template = Template(template);
    let mut rules = Rules::default();
    table::check(&template, &mut rules);
    queues::check(&template, &mut rules);
    functions::check(&template, &mut rules);
    access::check(&template, &mut rules);
    api::check(&template, &mut rules);
    edge::check(&template, &mut rules);
    watching::check(&template, &mut rules);
    rules.broken
}
