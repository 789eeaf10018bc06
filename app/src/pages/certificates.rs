use crate::{
    api::certificates::ListCertificates,
    pages::loaded::loaded,
    ui::{Badge, Banner, Crumb, Empty, Frame, PageHead, Tone},
};
use domain::{Certificate, CertificatesView, Validity};
use leptos::prelude::*;

/// What HTTPS is served by, and what is wrong with it.
#[component]
pub fn Certificates() -> impl IntoView {
    loaded(
        || ListCertificates {},
        |found: CertificatesView| {
            let crumbs = vec![Crumb::new("Certificates", "/certificates")];
            view! { <Frame crumbs><PageHead title="Certificates"/><Body found/></Frame> }.into_any()
        },
    )
}

#[component]
fn Body(found: CertificatesView) -> impl IntoView {
    let CertificatesView { is_https, certificates, trouble } = found;
    let near = certificates.iter().any(|(_, validity)| *validity == Validity::EndsSoon);
    let ended = certificates.iter().any(|(_, validity)| *validity == Validity::Ended);
    if !is_https {
        return view! {
            <Empty title="HTTPS is off">
                <p>"The console and the apps are reached by http:// alone, and everybody on the way can read along. Start Slipway with "<code>"--listen-https"</code>", "<code>"--certificate"</code>" and "<code>"--certificate-key"</code>"."</p>
            </Empty>
        }
        .into_any();
    }
    view! {
        <p class="lead">"They are read from their files again when these change. Nobody notices a change: a visitor's next connection has the new one."</p>
        {trouble.map(|trouble| view! { <Banner tone=Tone::Broken>{trouble}" The one from before stays in use."</Banner> })}
        {ended.then(|| view! { <Banner tone=Tone::Broken>"A certificate has ended: browsers warn everybody who comes by it. Put a new one into its file."</Banner> })}
        {near.then(|| view! { <Banner tone=Tone::Warning>"Less than a third of a certificate's lifetime is left. Put a new one into its file before it ends."</Banner> })}
        <table class="table people">
            <thead><tr><th scope="col">"For"</th><th scope="col">"State"</th><th scope="col">"Issued by"</th><th scope="col">"Until"</th></tr></thead>
            <tbody>{certificates.into_iter().map(|(certificate, validity)| view! { <Row certificate validity/> }).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Row(certificate: Certificate, validity: Validity) -> impl IntoView {
    let Certificate { names, issuer, not_before, not_after } = certificate;
    let names = names.into_iter().map(|name| view! { <span class="block">{name}</span> }).collect_view();
    view! {
        <tr>
            <th scope="row">{names}</th>
            <td><Badge of=validity/></td>
            <td>{issuer}</td>
            <td><span class="help narrow">"Until "</span>{not_after.to_utc()}<span class="help block">"from "{not_before.to_utc()}</span></td>
        </tr>
    }
    .into_any()
}
