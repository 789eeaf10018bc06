use super::{apps, deploys, logs, projects, releases, secrets, settings, teams, tokens, whoami};
use axum::Json;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

/// The description of the API, made from what answers it.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Slipway", description = "Everything a script needs. Refusals are `application/problem+json` with a `code` that does not change."),
    servers((url = "/api/v1")),
    paths(
        answer, whoami::show, teams::list, teams::create, projects::list, projects::create,
        apps::list, apps::create, apps::show, apps::remove, apps::events, logs::read,
        deploys::list, deploys::start, deploys::show, deploys::cancel,
        releases::list, releases::show, releases::diff, releases::roll_back,
        settings::show, settings::change, secrets::list, secrets::set, secrets::unset,
        tokens::of_app, tokens::make_for_app, tokens::withdraw_of_app, tokens::own, tokens::withdraw_own,
    ),
    components(schemas(api::Problem, api::Code)),
    modifiers(&Bearer, &Refusals),
    security(("token" = [])),
)]
pub struct Description;

/// Says how one signs in.
struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, description: &mut OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        description.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// Says of every route that it may refuse, and how that looks.
struct Refusals;

impl utoipa::Modify for Refusals {
    fn modify(&self, description: &mut OpenApi) {
        use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let refusal =
            ResponseBuilder::new().description("A refusal").content("application/problem+json", problem).build();
        for item in description.paths.paths.values_mut() {
            let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
            for operation in operations.into_iter().flatten() {
                operation.responses.responses.insert("default".to_owned(), refusal.clone().into());
            }
        }
    }
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "openapi", security(()), responses((status = 200, content_type = "application/json", body = String)))]
pub async fn answer() -> Json<OpenApi> {
    Json(Description::openapi())
}
