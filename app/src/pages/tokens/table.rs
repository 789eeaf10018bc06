use crate::{
    pages::parts::Refusal,
    ui::{Ago, Badge, Form, Sending},
};
use domain::{TokenState, TokenView};
use leptos::prelude::*;

/// The tokens there are, with the way to withdraw one.
#[component]
pub fn TokenTable(
    /// What is shown.
    tokens: RwSignal<Vec<TokenView>>,
    /// What withdraws one.
    withdraw: Sending,
    /// The app they deploy, when they do.
    #[prop(optional)]
    app: Option<String>,
    /// Whether the person may withdraw them.
    can: bool,
) -> impl IntoView {
    let app = StoredValue::new(app);
    let row = move |view: TokenView| view! { <Row view withdraw app=app.get_value() can/> };
    view! {
        <Refusal error=withdraw.refused/>
        <table class="table people">
            <thead><tr>
                <th scope="col">"Token"</th><th scope="col">"State"</th><th scope="col">"Last used"</th><th scope="col">"Until"</th>
                <th scope="col" class="end"><span class="unseen">"Actions"</span></th>
            </tr></thead>
            <tbody>{move || tokens.get().into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Row(view: TokenView, withdraw: Sending, app: Option<String>, can: bool) -> impl IntoView {
    let TokenView { token, state } = view;
    let label = format!("Withdraw {}", token.name);
    let until = token.expires_at.to_utc();
    let why = (state == TokenState::Stopped).then(|| format!("{} may not deploy here any more.", token.made_by));
    view! {
        <tr>
            <th scope="row"><strong>{token.name.to_string()}</strong><span class="help block">"by "{token.made_by.to_string()}", "<Ago at=token.created_at/></span></th>
            <td><Badge of=state/>{why.map(|why| view! { <span class="help block">{why}</span> })}</td>
            <td><span class="help narrow">"Last used "</span>{match token.used_at {
                Some(at) => view! { <Ago at/> }.into_any(),
                None => "never".into_any(),
            }}</td>
            <td><span class="help narrow">"Until "</span><span title=until.clone()>{until[..10].to_owned()}</span></td>
            <td class="end">{can.then(|| view! {
                <Form sending=withdraw>
                    {app.map(|app| view! { <input type="hidden" name="name" value=app/> })}
                    <input type="hidden" name="id" value=token.id.to_string()/>
                    <button type="submit" class="button quiet small" aria-label=label>"Withdraw"</button>
                </Form>
            })}</td>
        </tr>
    }
    .into_any()
}
