use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed, project, team, team_id, world};
use domain::{Freeze, Project, Team, TeamId};
use store::{Error, Store};

async fn team_in(store: &Store, name: &str) -> Team {
    let team = team(name);
    committed!(store, teams.insert(&team)).expect("it is new");
    team
}

on_both! {
    async fn a_project_is_frozen_with_all_that_is_said_of_it_until_it_is_not(db) {
        let store = db.open().await;
        let (shop, bank) = (world(&store, "shop").await, world(&store, "bank").await);
        let (by, reason) = ("ada@example.com".to_owned(), "the fair is on: “€” 'n' all".to_owned());
        let freeze = Freeze { at: NOW, by, until: after(60), reason };
        assert!(committed!(store, projects.set_freeze(shop.project.id, Some(&freeze))).expect("set"));
        let project = async |id| store.projects().by_id(id).await.expect("read").expect("there");
        assert_eq!(project(shop.project.id).await, Project { freeze: Some(freeze), ..shop.project.clone() });
        assert_eq!(project(bank.project.id).await, bank.project, "another one is not");
        assert!(committed!(store, projects.set_freeze(shop.project.id, None)).expect("set"));
        assert_eq!(project(shop.project.id).await, shop.project);
    }

    async fn a_project_is_found_by_id_and_in_its_team_by_name(db) {
        let store = db.open().await;
        let (red, blue) = (team_in(&store, "red").await, team_in(&store, "blue").await);
        let shop = project(&red, "shop");
        committed!(store, projects.insert(&shop)).expect("it is new");
        assert_eq!(store.projects().by_id(shop.id).await.expect("read"), Some(shop.clone()));
        assert_eq!(store.projects().named(red.id, &shop.name).await.expect("read"), Some(shop.clone()));
        assert_eq!(store.projects().named(blue.id, &shop.name).await.expect("read"), None);
        assert_eq!(store.projects().live().await.expect("read"), [shop]);
    }

    async fn the_projects_of_several_teams_are_one_list_by_name(db) {
        let store = db.open().await;
        let teams = [team_in(&store, "red").await, team_in(&store, "blue").await, team_in(&store, "grey").await];
        for (team, name) in [(&teams[0], "b"), (&teams[1], "c"), (&teams[0], "a"), (&teams[2], "d")] {
            committed!(store, projects.insert(&project(team, name))).expect("it is new");
        }
        let of = async |ids: &[TeamId]| {
            let projects = store.projects().of_teams(ids).await.expect("read");
            projects.into_iter().map(|project| project.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of(&[teams[0].id, teams[1].id, team_id()]).await, ["a", "b", "c"]);
        assert_eq!(of(&[]).await, [""; 0]);
    }

    async fn what_stands_in_several_projects_is_read_at_once(db) {
        let store = db.open().await;
        let (shop, bank, other) = (world(&store, "shop").await, world(&store, "bank").await, world(&store, "other").await);
        let ids = [shop.project.id, bank.project.id];
        let named = |apps: Vec<domain::App>| apps.into_iter().map(|app| app.name.to_string()).collect::<Vec<_>>();
        assert_eq!(named(store.apps().of_projects(&ids).await.expect("read")), [bank.app.name.as_str(), shop.app.name.as_str()]);
        let active = async || {
            let releases = store.releases().active_in(&ids).await.expect("read");
            releases.into_iter().map(|stored| stored.release.id).collect::<Vec<_>>()
        };
        let release = shop.release.release.id;
        assert_eq!(active().await, []);
        for (app, release) in [(shop.app.id, release), (other.app.id, other.release.release.id)] {
            assert!(committed!(store, apps.set_active_release(app, Some(release))).expect("set"));
        }
        assert_eq!(active().await, [release]);
        assert!(committed!(store, apps.mark_deleted(shop.app.id, after(1))).expect("marked"));
        assert_eq!(active().await, [], "a deleted app is in no list");
        assert_eq!(named(store.apps().of_projects(&ids).await.expect("read")), [bank.app.name.as_str()]);
        assert_eq!(store.apps().of_projects(&[]).await.expect("read"), []);
    }

    async fn a_name_is_taken_once_in_a_team_until_its_project_is_deleted(db) {
        let store = db.open().await;
        let (red, blue) = (team_in(&store, "red").await, team_in(&store, "blue").await);
        let first = project(&red, "shop");
        committed!(store, projects.insert(&first)).expect("it is new");
        let second = committed!(store, projects.insert(&project(&red, "shop")));
        assert!(matches!(second, Err(Error::Conflict("project name"))), "{second:?}");
        committed!(store, projects.insert(&project(&blue, "shop"))).expect("another team's names are its own");
        assert!(committed!(store, projects.mark_deleted(first.id, after(1))).expect("marked"));
        committed!(store, projects.insert(&project(&red, "shop"))).expect("the name is free again");
    }

    async fn a_deleted_project_is_in_no_list_but_that_of_the_deleted(db) {
        let store = db.open().await;
        let red = team_in(&store, "red").await;
        let shop = project(&red, "shop");
        committed!(store, projects.insert(&shop)).expect("it is new");
        assert!(committed!(store, projects.mark_deleted(shop.id, after(1))).expect("marked"));
        assert!(!committed!(store, projects.mark_deleted(shop.id, after(2))).expect("marked before"));
        let deleted = Project { deleted_at: Some(after(1)), ..shop.clone() };
        assert_eq!(store.projects().by_id(shop.id).await.expect("read"), Some(deleted.clone()));
        assert_eq!(store.projects().deleted().await.expect("read"), [deleted]);
        assert_eq!(store.projects().live().await.expect("read"), []);
        assert_eq!(store.projects().named(red.id, &shop.name).await.expect("read"), None);
        assert_eq!(store.projects().of_teams(&[red.id]).await.expect("read"), []);
    }

    async fn a_project_is_forgotten_after_its_last_app(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        assert!(!committed!(store, projects.purge(world.project.id)).expect("it is live"));
        assert!(committed!(store, projects.mark_deleted(world.project.id, NOW)).expect("marked"));
        assert!(!committed!(store, projects.purge(world.project.id)).expect("it has an app"));
        assert!(committed!(store, apps.mark_deleted(world.app.id, NOW)).expect("marked"));
        assert!(committed!(store, apps.purge(world.app.id)).expect("purged"));
        assert!(committed!(store, projects.purge(world.project.id)).expect("purged"));
        assert_eq!(store.projects().by_id(world.project.id).await.expect("read"), None);
    }
}
