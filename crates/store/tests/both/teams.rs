use crate::databases::on_both;
use crate::fixtures::{NOW, after, committed, person, team, team_id, world};
use domain::{Member, Role, Team, TeamCard};
use store::Error;

on_both! {
    async fn a_team_is_found_by_id_and_by_name(db) {
        let store = db.open().await;
        let red = team("red");
        committed!(store, teams.insert(&red)).expect("it is new");
        assert_eq!(store.teams().by_id(red.id).await.expect("read"), Some(red.clone()));
        assert_eq!(store.teams().by_name(&red.name).await.expect("read"), Some(red));
        assert_eq!(store.teams().by_id(team_id()).await.expect("read"), None);
    }

    async fn a_team_name_is_taken_once(db) {
        let store = db.open().await;
        committed!(store, teams.insert(&team("red"))).expect("it is new");
        let second = committed!(store, teams.insert(&team("red")));
        assert!(matches!(second, Err(Error::Conflict("team name"))), "{second:?}");
    }

    async fn members_have_one_role_each_which_can_change(db) {
        let store = db.open().await;
        let (red, blue, ada, bob) = (team("red"), team("blue"), person("ada@example.com"), person("bob@example.com"));
        let mut tx = store.begin().await.expect("a transaction");
        for person in [&bob, &ada] {
            tx.people().insert(person, NOW).await.expect("they are new");
        }
        for team in [&red, &blue] {
            tx.teams().insert(team).await.expect("it is new");
            tx.teams().put_member(team.id, ada.id, Role::Owner, NOW).await.expect("put");
        }
        tx.teams().put_member(red.id, bob.id, Role::Owner, NOW).await.expect("put");
        tx.teams().put_member(red.id, bob.id, Role::Viewer, NOW).await.expect("put");
        tx.commit().await.expect("it is kept");

        let member = |person: &domain::Person, role| Member { person: person.clone(), role };
        let members = store.teams().members(red.id).await.expect("read");
        assert_eq!(members, [member(&ada, Role::Owner), member(&bob, Role::Viewer)]);
        let of_ada = store.teams().of_person(ada.id).await.expect("read");
        assert_eq!(of_ada, [(blue.clone(), Role::Owner), (red.clone(), Role::Owner)]);
        assert_eq!(store.teams().roles_of(bob.id).await.expect("read"), [(red.id, Role::Viewer)]);
    }

    async fn who_is_removed_is_no_member(db) {
        let store = db.open().await;
        let (red, ada) = (team("red"), person("ada@example.com"));
        committed!(store, teams.insert(&red)).expect("it is new");
        committed!(store, people.insert(&ada, NOW)).expect("she is new");
        committed!(store, teams.put_member(red.id, ada.id, Role::Viewer, NOW)).expect("put");
        assert!(committed!(store, teams.remove_member(red.id, ada.id)).expect("removed"));
        assert!(!committed!(store, teams.remove_member(red.id, ada.id)).expect("removed before"));
        assert_eq!(store.teams().roles_of(ada.id).await.expect("read"), []);
        assert_eq!(store.teams().members(red.id).await.expect("read"), []);
    }

    async fn a_team_is_renamed_and_suspended_under_the_same_id(db) {
        let store = db.open().await;
        let (red, blue) = (team("red"), team("blue"));
        committed!(store, teams.insert(&red)).expect("it is new");
        committed!(store, teams.insert(&blue)).expect("it is new");
        let taken = committed!(store, teams.rename(red.id, &blue.name));
        assert!(matches!(taken, Err(Error::Conflict("team name"))), "{taken:?}");
        let name: domain::TeamName = "green".parse().expect("a name");
        committed!(store, teams.rename(red.id, &name)).expect("renamed");
        assert!(committed!(store, teams.set_suspended(red.id, Some(after(1)))).expect("suspended"));
        let green = Team { name, suspended_at: Some(after(1)), ..red };
        assert_eq!(store.teams().by_id(green.id).await.expect("read"), Some(green.clone()));
        assert!(committed!(store, teams.set_suspended(green.id, None)).expect("resumed"));
        let cards = store.teams().all().await.expect("read");
        assert_eq!(cards[1], TeamCard { team: Team { suspended_at: None, ..green }, people: 0, apps: 0 });
    }

    async fn a_team_with_projects_stays(db) {
        let store = db.open().await;
        let world = world(&store, "shop").await;
        assert!(!committed!(store, teams.delete(world.team.id)).expect("asked"));
        assert_eq!(store.teams().projects_in(world.team.id).await.expect("read"), 1);
        assert_eq!(store.teams().owners(world.team.id).await.expect("read"), [world.owner.email]);
        let empty = team("empty");
        committed!(store, teams.insert(&empty)).expect("it is new");
        committed!(store, teams.put_member(empty.id, world.owner.id, Role::Viewer, NOW)).expect("put");
        assert_eq!(store.teams().role_of(empty.id, world.owner.id).await.expect("read"), Some(Role::Viewer));
        assert!(committed!(store, teams.delete(empty.id)).expect("deleted"));
        assert_eq!(store.teams().role_of(empty.id, world.owner.id).await.expect("read"), None);
    }
}
