use super::*;
use crate::release::Release;
use crate::table::App;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::gate::{GateTeam, KeyMaterial};
use domain::{Access, AppId, Listed, PersonId, ReleaseId, Who};
use http::header::COOKIE;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, SigningKey};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const HOUR: i64 = 3_600_000;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn key(number: u8) -> GateKey {
    let part = |salt: u8| KeyMaterial::new([number + salt; 32]);
    GateKey { id: format!("k{number}"), pass: part(1), assertion: part(100) }
}

fn table() -> GateTable {
    let team = |number, name: &str, member: &str| GateTeam {
        id: TeamId::new(id(number)),
        name: name.to_owned(),
        members: vec![member.parse().expect("an address")],
    };
    GateTable {
        console: "http://localhost:8080".to_owned(),
        keys: vec![key(2), key(1)],
        ended: vec!["ended".to_owned()],
        teams: vec![team(1, "shop", "ada@example.com"), team(2, "bank", "ada@example.com")],
    }
}

fn route(number: u128, who: Who) -> Route {
    Route {
        app_id: AppId::new(id(number)),
        host: format!("app{number}.localhost").parse().expect("a host name"),
        team_id: TeamId::new(id(1)),
        access: Access { who, open_paths: vec!["/healthz".parse().expect("a path")] },
        redirects_to: None,
        app: Arc::<App>::default(),
        release: Arc::new(Release::new(ReleaseId::NIL)),
        endpoints: Vec::new(),
        is_stopped: false,
    }
}

fn pass(route: &Route) -> Pass {
    Pass {
        app_id: route.app_id,
        host: route.host.clone(),
        person_id: PersonId::new(id(7)),
        email: "ada@example.com".parse().expect("an address"),
        name: "Ada \"Lövelace\"".to_owned(),
        session: "alive".to_owned(),
        expires_at: NOW.plus_millis(HOUR),
    }
}

fn sealed(by: u8, pass: &Pass) -> String {
    PassKey::new(&key(by)).seal(pass).expect("sealed")
}

fn asked(gate: &Gate, route: &Route, cookie: &str, now: Timestamp) -> Ruling {
    let cookie = format!("theme=dark; slipway-gate={cookie}").parse().expect("a header");
    gate.rule(route, b"/", &HeaderMap::from_iter([(COOKIE, cookie)]), now)
}

fn is_in(ruling: &Ruling) -> bool {
    matches!(ruling, Ruling::In(_))
}

#[test]
fn who_shows_a_pass_of_either_key_is_let_in_until_it_ends() {
    let (gate, route) = (Gate::new(&table()), route(9, Who::Company));
    for by in [1, 2] {
        let cookie = sealed(by, &pass(&route));
        assert!(is_in(&asked(&gate, &route, &cookie, NOW)));
        assert!(is_in(&asked(&gate, &route, &cookie, NOW.plus_millis(HOUR - 1))), "from memory");
        assert!(matches!(asked(&gate, &route, &cookie, NOW.plus_millis(HOUR)), Ruling::Stranger), "too old");
    }
    assert!(matches!(asked(&gate, &route, &sealed(3, &pass(&route)), NOW), Ruling::Stranger), "a key that is gone");
    assert!(matches!(gate.rule(&route, b"/", &HeaderMap::new(), NOW), Ruling::Stranger));
}

#[test]
fn a_forged_cookie_is_none() {
    let (gate, route) = (Gate::new(&table()), route(9, Who::Company));
    let good = sealed(2, &pass(&route));
    let (signed, seal) = good.rsplit_once('.').expect("parts");
    let mut other = pass(&route);
    other.email = "mallory@example.com".parse().expect("an address");
    let content = BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&other).expect("content"));
    for forged in [
        format!("v1.k2.{content}.{seal}"),
        format!("v1.k2.{content}."),
        format!("v1.k2.{content}"),
        format!("{signed}."),
        format!("{signed}.{}", &seal[..20]),
        good.replace("k2", "k1"),
        good.replace("v1", "v0"),
        good.to_uppercase(),
        format!("{good}x"),
        String::new(),
        ".".to_owned(),
        "v1.k2..".to_owned(),
        format!("v1.k2.{}", "A".repeat(5000)),
    ] {
        assert!(matches!(asked(&gate, &route, &forged, NOW), Ruling::Stranger), "{forged}");
    }
    assert!(is_in(&asked(&gate, &route, &good, NOW)));
}

/// Somebody who may open one app takes its cookie to another, or an app takes its visitors' cookies along.
#[test]
fn a_pass_for_one_app_is_worth_nothing_at_another() {
    let (gate, one, two) = (Gate::new(&table()), route(9, Who::Company), route(10, Who::Company));
    let cookie = sealed(2, &pass(&one));
    for _twice_because_of_memory in 0..2 {
        assert!(is_in(&asked(&gate, &one, &cookie, NOW)));
        assert!(matches!(asked(&gate, &two, &cookie, NOW), Ruling::Stranger));
    }
    // Another app got the host of one that is gone.
    let heir = Route { app_id: two.app_id, ..route(9, Who::Company) };
    assert!(matches!(asked(&gate, &heir, &cookie, NOW), Ruling::Stranger));
}

#[test]
fn a_pass_ends_with_the_session_it_was_made_from() {
    let (gate, route) = (Gate::new(&table()), route(9, Who::Company));
    let cookie = sealed(2, &Pass { session: "ended".to_owned(), ..pass(&route) });
    assert!(matches!(asked(&gate, &route, &cookie, NOW), Ruling::Stranger));
}

#[test]
fn who_is_not_on_the_list_is_known_and_not_let_in() {
    let listed = |emails: &[&str], teams: &[u128]| {
        Who::People(Listed {
            emails: emails.iter().map(|email| email.parse().expect("an address")).collect(),
            teams: teams.iter().map(|team| TeamId::new(id(*team))).collect(),
            domains: Vec::new(),
        })
    };
    for (who, admitted) in [
        (listed(&["ada@example.com"], &[]), true),
        (listed(&[], &[2]), true),
        (listed(&["bob@example.com"], &[]), false),
        // A team that nobody has said anything of.
        (listed(&[], &[3]), false),
        (listed(&[], &[]), false),
    ] {
        let (gate, route) = (Gate::new(&table()), route(9, who));
        let ruling = asked(&gate, &route, &sealed(2, &pass(&route)), NOW);
        assert_eq!(is_in(&ruling), admitted, "{:?}", route.access);
        assert_eq!(matches!(ruling, Ruling::NotListed), !admitted);
    }
}

/// A sibling app can plant a cookie of the same name over plain HTTP; it must not lock anybody out.
#[test]
fn a_planted_cookie_beside_a_good_one_does_no_harm() {
    let (gate, route) = (Gate::new(&table()), route(9, Who::Company));
    let both = format!("slipway-gate=planted; slipway-gate={}", sealed(2, &pass(&route)));
    let headers = HeaderMap::from_iter([(COOKIE, both.parse().expect("a header"))]);
    assert!(is_in(&gate.rule(&route, b"/", &headers, NOW)));
}

#[test]
fn open_paths_ask_nobody_and_are_not_told_who_comes() {
    let (gate, route) = (Gate::new(&table()), route(9, Who::Company));
    let cookie = format!("slipway-gate={}", sealed(2, &pass(&route))).parse().expect("a header");
    let headers = HeaderMap::from_iter([(COOKIE, cookie)]);
    assert!(matches!(gate.rule(&route, b"/healthz", &headers, NOW), Ruling::Open));
    assert!(matches!(gate.rule(&route, b"/healthz/../admin", &HeaderMap::new(), NOW), Ruling::Stranger));
}

/// As after an update from a version that knew no gate, or with keys that cannot be read.
#[test]
fn without_keys_nobody_is_let_in() {
    let route = route(9, Who::Company);
    let gate = Gate::new(&GateTable::default());
    assert!(matches!(asked(&gate, &route, &sealed(2, &pass(&route)), NOW), Ruling::Stranger));
}

#[test]
fn an_app_is_told_who_comes_and_can_check_it() {
    let (gate, route) = (Gate::new(&table()), route(9, Who::Company));
    let Ruling::In(admitted) = asked(&gate, &route, &sealed(2, &pass(&route)), NOW) else { panic!("let in") };
    let told = gate.told(&admitted, NOW);
    let [user, email, groups, token] = told.map(|(_, value)| value.expect("told").to_str().expect("text").to_owned());
    assert_eq!((user.as_str(), email.as_str()), (id(7).to_string().as_str(), "ada@example.com"));
    assert_eq!(groups, "shop", "the app's own team, and not the other one");

    let (content, signature) = token.rsplit_once('.').expect("parts");
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).expect("base64");
    let signature = Signature::from_slice(&signature).expect("a signature");
    let public = SigningKey::from_slice(key(2).assertion.expose()).expect("a key");
    public.verifying_key().verify(content.as_bytes(), &signature).expect("genuine");
    let part = |part: &str| -> serde_json::Value {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
    };
    let (head, claims) = content.split_once('.').map(|(head, claims)| (part(head), part(claims))).expect("two");
    assert_eq!((head["alg"].as_str(), head["kid"].as_str()), (Some("ES256"), Some("k2")));
    assert_eq!(
        (claims["aud"].as_str(), claims["iss"].as_str()),
        (Some("app9.localhost"), Some("http://localhost:8080"))
    );
    assert_eq!(claims["exp"].as_i64().expect("a time") - NOW.0 / 1000, 300);
    assert_eq!(claims["name"], "Ada \"Lövelace\"");
}

#[test]
fn the_token_is_signed_once_for_many_requests_and_again_before_it_ends() {
    let (gate, route) = (Gate::new(&table()), route(9, Who::Company));
    let cookie = sealed(2, &pass(&route));
    let token = |now: Timestamp| {
        let Ruling::In(admitted) = asked(&gate, &route, &cookie, now) else { panic!("let in") };
        gate.told(&admitted, now)[3].1.clone().expect("a token")
    };
    assert_eq!(token(NOW), token(NOW.plus_millis(200_000)));
    assert_ne!(token(NOW), token(NOW.plus_millis(250_000)));
}

#[test]
fn the_key_set_has_public_halves_alone() {
    let set = key_set(&[key(2), key(1)]).to_string();
    assert!(set.contains("\"kid\":\"k2\"") && set.contains("\"kid\":\"k1\"") && !set.contains("\"d\""), "{set}");
}

#[test]
fn nothing_secret_prints() {
    let printed = format!("{:?}", Gate::new(&table())).to_lowercase();
    assert!(!printed.contains("102, 102") && !printed.contains("6666") && printed.contains("k2"), "{printed}");
}
