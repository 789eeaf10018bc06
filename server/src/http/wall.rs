//! The wall between teams, tried at every door there is: every server function, page and other route, by every role, in a
//! team of one's own and of others, signed out, and with a session or token that was ended. What has to come of it follows from the
//! permission table. A route that has no row here fails.

mod api;
mod attacks;
mod cases;
mod scene;

use axum::body::to_bytes;
use axum::http::StatusCode;
use cases::{Case, Needs};
use domain::{Action, PlatformRole, Rights, Role, Subject};
use scene::{Scene, World};

/// From where somebody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The thing is their team's. Who has a role on the platform is there for the bills only.
    Own,
    /// The thing is another team's.
    Other,
    SignedOut,
    /// They had the role, and a session that is ended.
    Revoked,
}

const PLACES: [Place; 4] = [Place::Own, Place::Other, Place::SignedOut, Place::Revoked];

fn rights(subject: Subject, place: Place) -> Rights {
    let (team, platform): (Option<Role>, Option<PlatformRole>) = match subject {
        Subject::Team(role) => (Some(role), None),
        Subject::Platform(role) => (Some(Role::Billing), Some(role)),
        // The token of another app in the same project is as near as one can come.
        Subject::DeployToken => return Rights { token: place != Place::Other, ..Rights::default() },
    };
    Rights { team: team.filter(|_| place != Place::Other), platform, token: false }
}

/// What has to come of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Through,
    SignIn,
    NotFound,
    Forbidden,
}

fn expected(case: &Case, subject: Subject, rights: Rights, place: Place) -> Outcome {
    let is_token = subject == Subject::DeployToken;
    let comes_in = !matches!(place, Place::SignedOut | Place::Revoked) && (case.is_api() || !is_token);
    if !comes_in {
        return if case.needs == Needs::Nothing { Outcome::Through } else { Outcome::SignIn };
    }
    match case.needs {
        Needs::Team(_) if is_token && !case.is_of_app() => Outcome::NotFound,
        Needs::SignedIn | Needs::SomethingOfTheirOwn if is_token => Outcome::Forbidden,
        Needs::Team(_) if !rights.may(Action::See) => Outcome::NotFound,
        Needs::Team(action) if !rights.may(action) => Outcome::Forbidden,
        Needs::Platform(action) if !rights.platform.is_some_and(|role| role.may(action)) => Outcome::Forbidden,
        Needs::Membership if rights.team.is_none() => Outcome::NotFound,
        Needs::RoleIn(action) if rights.team.is_none_or(|role| !role.may(action)) => Outcome::NotFound,
        Needs::SomethingOfTheirOwn => Outcome::NotFound,
        Needs::Nothing
        | Needs::AnyToken
        | Needs::SignedIn
        | Needs::Team(_)
        | Needs::Platform(_)
        | Needs::Membership
        | Needs::RoleIn(_) => Outcome::Through,
    }
}

fn seen(needs: Needs, status: StatusCode, location: Option<&str>) -> Outcome {
    match status {
        StatusCode::UNAUTHORIZED => Outcome::SignIn,
        StatusCode::NOT_FOUND => Outcome::NotFound,
        StatusCode::FORBIDDEN => Outcome::Forbidden,
        // Who signs out is led there as well.
        status if status.is_redirection() && location == Some("/sign-in") && needs != Needs::Nothing => Outcome::SignIn,
        status if status.is_server_error() => panic!("the server failed: {status}"),
        _ => Outcome::Through,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_through_who_may_not_at_any_door() {
    let world = World::new().await;
    let cases = cases::all();
    assert_eq!(cases::without_row(&cases), Vec::<String>::new(), "these routes have no row in the wall test");
    assert_eq!(cases::without_route(&cases), Vec::<String>::new(), "these rows have no route");
    let (mut cells, mut deviations) = (0, Vec::new());
    for case in &cases {
        for (subject, place) in Subject::ALL.into_iter().flat_map(|s| PLACES.map(|place| (s, place))) {
            cells += 1;
            if let Err(deviation) = cell(&world, case, subject, place).await {
                deviations.push(format!("{} {} by {subject} ({place:?}): {deviation}", case.method, case.path));
            }
        }
    }
    println!("the wall: {} routes, {cells} cells, {} deviations", cases.len(), deviations.len());
    assert!(deviations.is_empty(), "{} of {cells}:\n{}", deviations.len(), deviations.join("\n"));
}

async fn cell(world: &World, case: &Case, subject: Subject, place: Place) -> Result<(), String> {
    let rights = rights(subject, place);
    let scene = Scene::set(world, subject, rights, place).await;
    let response = world.send(scene.request(case)).await;
    let location = response.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let outcome = seen(case.needs, response.status(), location.as_deref());
    let wanted = expected(case, subject, rights, place);
    // Streams have no end.
    let is_stream = response.headers().get("content-type").is_some_and(|kind| kind == "text/event-stream");
    let body = if is_stream {
        Vec::new()
    } else {
        to_bytes(response.into_body(), 64 << 20).await.map_err(|e| e.to_string())?.to_vec()
    };
    if outcome != wanted {
        return Err(format!("{outcome:?} instead of {wanted:?}"));
    }
    let told = matches!(outcome, Outcome::SignIn | Outcome::NotFound).then(|| scene.told(&body)).flatten();
    told.map_or(Ok(()), |secret| Err(format!("the answer tells “{secret}”")))
}
