//! The exit door, read by a YAML library and by Compose's own rule for `$`.

use domain::{
    AppId, ComposeApp, Delivery, ImageRef, Release, ReleaseId, SecretId, SecretRef, Settings, SettingsForm, Timestamp,
    Variables, compose,
};
use serde_yaml_ng::Value;
use std::collections::BTreeMap;

fn app(name: &str, settings: Settings) -> ComposeApp {
    let (repository, tag) = ("registry.example.com:5000/team/shop".parse(), "1.4".parse());
    let release = Release {
        id: ReleaseId::NIL,
        app_id: AppId::NIL,
        number: 7,
        image: ImageRef { repository: repository.expect("a repository"), tag: tag.expect("a tag") },
        digest: format!("sha256:{}", "ab".repeat(32)).parse().expect("a digest"),
        settings,
        made_by: "ada@example.com".to_owned(),
        made_at: Timestamp(0),
        reason: String::new(),
    };
    ComposeApp { name: name.parse().expect("a name"), release, is_local: false }
}

fn settings(form: SettingsForm) -> Settings {
    form.over(None).expect("valid")
}

fn plain() -> Settings {
    settings(SettingsForm::default())
}

fn secret(delivery: Delivery) -> SecretRef {
    SecretRef { id: SecretId::NIL, set_by: "ada@example.com".to_owned(), set_at: Timestamp(0), delivery }
}

/// The file, parsed.
fn exported(apps: &[ComposeApp]) -> Value {
    let text = compose(&"things".parse().expect("a name"), apps);
    serde_yaml_ng::from_str(&text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

/// What Compose makes of a value in which it finds no variable to put in: `$$` is a `$`, and any other `$` would begin one.
fn interpolated(value: &str) -> String {
    let mut letters = value.chars();
    let mut out = String::new();
    while let Some(letter) = letters.next() {
        assert!(letter != '$' || letters.next() == Some('$'), "Compose would put something into {value:?}");
        out.push(letter);
    }
    out
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value:?}"))
}

fn awkward() -> Vec<String> {
    let corpus: Vec<serde_json::Value> = serde_json::from_str(include_str!("awkward-values.json")).expect("JSON");
    let value = |it: &serde_json::Value| {
        let repeated = || {
            let times = it["times"].as_u64().and_then(|n| usize::try_from(n).ok()).expect("a number");
            it["repeat"].as_str().expect("a text").repeat(times)
        };
        it.as_str().map_or_else(repeated, str::to_owned)
    };
    corpus.iter().map(value).collect()
}

#[test]
fn an_app_becomes_a_service_with_all_it_runs_with() {
    let form = SettingsForm {
        port: Some(80),
        replicas: Some(3),
        memory: Some(512),
        cpu: Some(1250),
        variables: Some("GREETING=hello".to_owned()),
        probe_path: Some("/healthz".to_owned()),
        command: Some(vec!["serve".to_owned(), "--name=a b".to_owned()]),
        ..SettingsForm::default()
    };
    let file = exported(&[app("shop", settings(form))]);
    assert_eq!(text(&file["name"]), "things");
    let shop = &file["services"]["shop"];
    assert_eq!(text(&shop["image"]), format!("registry.example.com:5000/team/shop@sha256:{}", "ab".repeat(32)));
    assert_eq!(shop["command"], serde_yaml_ng::from_str::<Value>("[serve, --name=a b]").expect("YAML"));
    assert_eq!(shop["environment"], serde_yaml_ng::from_str::<Value>("{GREETING: hello, PORT: '80'}").expect("YAML"));
    assert_eq!(text(&shop["ports"][0]), "127.0.0.1:8080-8082:80");
    let expected = "{replicas: 3, resources: {limits: {cpus: '1.25', memory: 512m}}}";
    assert_eq!(shop["deploy"], serde_yaml_ng::from_str::<Value>(expected).expect("YAML"));
    let expected = "{release: r7, tag: '1.4', ready_when: GET /healthz on port 80 answers 200 to 399}";
    assert_eq!(shop["x-slipway"], serde_yaml_ng::from_str::<Value>(expected).expect("YAML"));
    assert!(file.get("secrets").is_none());
}

#[test]
fn every_awkward_value_survives_the_file_and_compose() {
    let values = awkward();
    assert!(values.len() >= 200);
    let named: BTreeMap<String, String> =
        values.iter().enumerate().map(|(n, v)| (format!("V{n}"), v.clone())).collect();
    let variables = Variables::try_from(named.clone()).expect("valid");
    let file = exported(&[app("shop", Settings { variables, command: values.clone(), ..plain() })]);
    let shop = &file["services"]["shop"];
    for (name, value) in &named {
        assert_eq!(&interpolated(text(&shop["environment"][name.as_str()])), value, "{name}");
    }
    let command = shop["command"].as_sequence().expect("a list");
    assert_eq!(command.iter().map(|argument| interpolated(text(argument))).collect::<Vec<_>>(), values);
}

/// Nothing that is typed may become a part of the file's own structure.
#[test]
fn a_value_cannot_break_out_of_its_place() {
    let attack = "x\"\n    privileged: true\n    volumes: [\"/:/host\"]\n#";
    let variables = Variables::try_from(BTreeMap::from([("A".to_owned(), attack.to_owned())])).expect("valid");
    let file = exported(&[app("shop", Settings { variables, command: vec![attack.to_owned()], ..plain() })]);
    let keys: Vec<_> = file["services"]["shop"].as_mapping().expect("a mapping").keys().map(text).collect();
    let expected =
        ["image", "command", "environment", "ports", "init", "restart", "security_opt", "deploy", "x-slipway"];
    assert_eq!(keys, expected);
}

#[test]
fn secrets_are_named_and_asked_for_and_not_in_the_file() {
    let secrets = [("KEY", Delivery::File), ("TOKEN", Delivery::Environment)];
    let secrets = secrets.map(|(name, delivery)| (name.to_owned(), secret(delivery))).into();
    let file = exported(&[app("shop", Settings { secrets, ..plain() })]);
    let shop = &file["services"]["shop"];
    let token = "${TOKEN:?set it to the value of the secret TOKEN of shop}";
    assert_eq!(text(&shop["environment"]["TOKEN"]), token);
    assert_eq!((text(&shop["secrets"][0]["source"]), text(&shop["secrets"][0]["target"])), ("shop-KEY", "KEY"));
    let key = "${KEY_FILE:?set it to the path of a file of the secret KEY of shop}";
    assert_eq!(text(&file["secrets"]["shop-KEY"]["file"]), key);
}

#[test]
fn apps_of_a_project_share_neither_ports_nor_secrets_by_mistake() {
    let secrets: domain::Secrets = [("KEY".to_owned(), secret(Delivery::Environment))].into();
    let with_key = Settings { secrets, ..plain() };
    let several = Settings { replicas: 2_u64.try_into().expect("valid"), ..plain() };
    let apps = [app("my-shop", with_key.clone()), app("cart", with_key), app("many", several)];
    let file = exported(&apps);
    let of = |name: &str| file["services"][name].clone();
    assert_eq!(
        text(&of("my-shop")["environment"]["KEY"]),
        "${MY_SHOP_KEY:?set it to the value of the secret KEY of my-shop}"
    );
    assert_eq!(text(&of("cart")["environment"]["KEY"]), "${CART_KEY:?set it to the value of the secret KEY of cart}");
    let ports = ["my-shop", "cart", "many"].map(|name| text(&of(name)["ports"][0]).to_owned());
    assert_eq!(ports, ["127.0.0.1:8080:8080", "127.0.0.1:8081:8080", "127.0.0.1:8082-8083:8080"]);
}

/// Two apps that ask for one variable would get each other's secret.
#[test]
fn no_two_secrets_are_taken_from_one_variable() {
    let of = |secrets: &[(&str, Delivery)]| {
        let secrets = secrets.iter().map(|(name, delivery)| ((*name).to_owned(), secret(*delivery))).collect();
        Settings { secrets, ..plain() }
    };
    let file = [("KEY", Delivery::File), ("KEY_FILE", Delivery::Environment), ("B_TOKEN", Delivery::Environment)];
    let token = [("TOKEN", Delivery::Environment)];
    let apps = [app("a", of(&file)), app("b", of(&token)), app("c", of(&token))];
    let file = compose(&"things".parse().expect("a name"), &apps);
    let asked: Vec<_> = file.split("${").skip(1).filter_map(|rest| rest.split(":?").next()).collect();
    assert_eq!(asked.len(), 5, "{file}");
    assert_eq!(asked.iter().collect::<std::collections::BTreeSet<_>>().len(), 5, "{asked:?}");
}

#[test]
fn an_image_that_only_the_engine_has_goes_by_its_tag() {
    let local = ComposeApp { is_local: true, ..app("shop", plain()) };
    assert_eq!(text(&exported(&[local])["services"]["shop"]["image"]), "registry.example.com:5000/team/shop:1.4");
}
