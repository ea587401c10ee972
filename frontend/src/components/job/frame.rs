//! The frame around a job: a dialog over the mailbox, or a page. The dialog stays where it is while what
//! is in it changes, from the first wish to the end; what a stage brings is put into its places.

use web_sys::Element;
use yew::prelude::*;

use crate::components::dialog::Dialog;
use crate::words;

/// The places of an open dialog that a stage fills.
#[derive(Clone, PartialEq)]
pub struct Slots {
    title: Element,
    footer: Element,
}

#[derive(Properties, PartialEq)]
pub struct JobDialogProps {
    /// Closes it.
    pub on_close: Callback<()>,
    /// The stage, in a [`Frame`].
    pub children: Html,
}

/// The dialog for a job, whatever stage it is in.
#[component]
pub fn JobDialog(props: &JobDialogProps) -> Html {
    let (title, footer) = (use_node_ref(), use_node_ref());
    let slots = use_state(|| None::<Slots>);
    {
        let (title, footer, slots) = (title.clone(), footer.clone(), slots.clone());
        use_effect_with((), move |()| {
            let places = title.cast::<Element>().zip(footer.cast::<Element>());
            slots.set(places.map(|(title, footer)| Slots { title, footer }));
        });
    }
    html! {
        <Dialog title={words::job_title()} heading={html! { <span ref={title} /> }} on_close={props.on_close.clone()} class="job-dialog"
            testid="job-dialog" footer={html! { <div ref={footer} class="foot-slot" /> }}>
            if let Some(slots) = &*slots {
                <ContextProvider<Slots> context={slots.clone()}>{ props.children.clone() }</ContextProvider<Slots>>
            }
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub struct FrameProps {
    /// What the job is.
    pub title: AttrValue,
    /// The buttons.
    #[prop_or_default]
    pub footer: Html,
    /// The job.
    pub children: Html,
}

/// The frame of one stage.
#[component]
pub fn Frame(props: &FrameProps) -> Html {
    if let Some(slots) = use_context::<Slots>() {
        return html! {
            <>
                { create_portal(html! { { props.title.clone() } }, slots.title) }
                { props.children.clone() }
                { create_portal(props.footer.clone(), slots.footer) }
            </>
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
