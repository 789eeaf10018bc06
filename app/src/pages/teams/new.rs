use crate::{
    api::teams::CreateTeam,
    pages::parts::Refusal,
    ui::{Crumb, Field, Form, Frame, PageHead, Sending, Submit},
};
use leptos::prelude::*;

/// A team to come.
#[component]
pub fn New() -> impl IntoView {
    let create = Sending::to::<CreateTeam>();
    let name = RwSignal::new(String::new());
    let crumbs = vec![Crumb::new("Teams", "/teams"), Crumb::new("New team", "/teams/new")];
    view! {
        <Frame crumbs>
            <PageHead title="New team"/>
            <p class="lead">"A team holds projects and the people who work on them. You are its owner and invite the others."</p>
            <Form sending=create>
                <div class="form">
                    <Refusal error=create.refused fields=&["name"]/>
                    <Field name="name" field="name" label="Name" value=name error=create.refused required=true help="Small letters, digits and hyphens." example="search"/>
                    <div class="form-end"><Submit pending=create.pending>"Create team"</Submit><a class="button quiet" href="/teams">"Back"</a></div>
                </div>
            </Form>
        </Frame>
    }
}
