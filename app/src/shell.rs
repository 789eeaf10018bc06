use crate::{Console, Site, routes::piece_at};
use axum::http::{HeaderValue, header::CONTENT_SECURITY_POLICY, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

/// The document around the console. It also says what the page may load: nothing but the console's own files.
pub fn shell(site: &Site) -> impl IntoView + use<> {
    forbid_foreign_content();
    let at = |name: &str| format!("/site/{name}");
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let modules: Vec<_> = site.modules_of(piece_at(&path)).map(|module| at(module)).chain([at(&site.wasm)]).collect();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" type="image/svg+xml" href=at(&site.icon)/>
                <link rel="stylesheet" href=at(&site.style)/>
                <script src=at(&site.theme)></script>
                {wakes(&path).then(|| view! {
                    <link rel="modulepreload" href=at(&site.script)/>
                    {modules.into_iter().map(|module| view! {
                        <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="anonymous" href=module/>
                    }).collect_view()}
                    <script type="module" src=at(&site.script)></script>
                })}
                <MetaTags/>
            </head>
            <body>
                <Console/>
            </body>
        </html>
    }
}

/// Whether the browser takes the page over. The gallery is only to look at.
fn wakes(path: &str) -> bool {
    path != "/gallery"
}

/// The nonce is for the few lines in which Leptos hands the server's data over to the browser.
fn forbid_foreign_content() {
    let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else { return };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}
