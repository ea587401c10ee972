//! The frame around a job: a dialog over the mailbox, or a page.

use yew::prelude::*;

use crate::components::dialog::Dialog;
use crate::components::job::Around;

#[derive(Properties, PartialEq)]
pub struct FrameProps {
    /// What the job is.
    pub title: AttrValue,
    /// Where it is shown.
    pub around: Around,
    /// The buttons.
    #[prop_or_default]
    pub footer: Html,
    /// The job.
    pub children: Html,
}

/// The frame.
#[component]
pub fn Frame(props: &FrameProps) -> Html {
    if props.around.in_dialog {
        return html! {
            <Dialog title={props.title.clone()} on_close={props.around.close.clone()} class="job-dialog"
                testid="job-dialog" footer={props.footer.clone()}>
                { props.children.clone() }
            </Dialog>
        };
    }
    html! {
        <section class="job-page" aria-label={props.title.clone()} data-testid="job-page">
            <header class="page-head"><h1>{ props.title.clone() }</h1></header>
            <div class="job-body">{ props.children.clone() }</div>
            if props.footer != Html::default() {
                <footer class="job-foot">{ props.footer.clone() }</footer>
            }
        </section>
    }
}
