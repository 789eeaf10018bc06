//! What can be done, and the permission table: who may do it.

use crate::{PlatformRole, Role, Subject};
use serde::{Deserialize, Serialize};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $word:literal $phrase:literal;)*) => {
        /// What can be done to the things of a team, or to the platform.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Action {
            $($(#[$doc])* $name,)*
        }

        impl Action {
            /// All actions, in the order of the permission table.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// What it is called in the audit log.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What it is called in a refusal: “You may not … here.”
            pub const fn phrase(self) -> &'static str {
                match self { $(Self::$name => $phrase,)* }
            }
        }
    };
}

// The action, its word in the audit log, its phrase in a refusal.
actions! {
    /// Know that it is there.
    See "see" "see this";
    /// Know what it costs.
    SeeCost "see_cost" "see what this costs";
    /// Look into an app: releases, replicas, deploys, settings without variables.
    Inspect "inspect" "look into this app";
    /// Read what the replicas write.
    ReadLogs "read_logs" "read logs";
    /// Read the values of variables.
    ReadVariables "read_variables" "read variables";
    /// Make an app.
    CreateApp "create_app" "create an app";
    /// Make a release and bring it into traffic.
    Deploy "deploy" "deploy";
    /// Stop a deploy that is under way.
    CancelDeploy "cancel_deploy" "cancel a deploy";
    /// Bring an earlier release back.
    RollBack "roll_back" "roll back";
    /// Make a release of the same image with other settings.
    ChangeSettings "change_settings" "change settings";
    /// Say who may open an app.
    ChangeAccess "change_access" "say who may open an app";
    /// Say under which domains of its own an app answers.
    ChangeDomains "change_domains" "change the domains of an app";
    /// See the value of a secret, for a reason that is written down.
    RevealSecret "reveal_secret" "reveal a secret";
    /// Start the replicas of an app again.
    Restart "restart" "restart an app";
    /// Stop all replicas of an app, or start a stopped app.
    Stop "stop" "stop or start an app";
    /// Change how many replicas run.
    Scale "scale" "scale an app";
    /// Delete an app.
    DeleteApp "delete_app" "delete an app";
    /// Know which tokens deploy an app.
    SeeTokens "see_tokens" "see the tokens of this app";
    /// Make a token that deploys an app.
    MakeToken "make_token" "make a token for this app";
    /// Let a token of an app work no longer.
    WithdrawToken "withdraw_token" "withdraw a token of this app";
    /// Make a project.
    CreateProject "create_project" "create a project";
    /// Delete a project with its apps.
    DeleteProject "delete_project" "delete a project";
    /// Refuse releases in a project for a while, or make one all the same.
    Freeze "freeze" "freeze a project, or deploy into a frozen one";
    /// Know who belongs to a team.
    SeePeople "see_people" "see who belongs to the team";
    /// Invite people to a team, give them roles and take them away.
    ManagePeople "manage_people" "invite people or change their roles";
    /// Read the audit log of a team.
    ReadAudit "read_audit" "read the audit log";
    /// Give a team another name.
    RenameTeam "rename_team" "rename the team";
    /// Delete a team.
    DeleteTeam "delete_team" "delete the team";
    /// Refuse all changes to a team's things for a while.
    SuspendTeam "suspend_team" "suspend the team";
    /// Limit what a team may use.
    SetQuota "set_quota" "change the team's limits";
    /// Use what belongs to oneself and to no team: one's teams, sessions, invitations and tokens.
    BeOneself "be_oneself" "use what is a person's own";
    /// List the teams of the platform.
    SeeAllTeams "see_all_teams" "list all teams";
    /// Read the audit log of the platform.
    ReadPlatformAudit "read_platform_audit" "read the audit log of the platform";
    /// Say who has a role on the platform.
    ManagePlatformRoles "manage_platform_roles" "give roles on the platform";
    /// Keep the credentials of registries.
    ManageRegistries "manage_registries" "keep credentials of registries";
    /// Know which certificates HTTPS is served by.
    SeeCertificates "see_certificates" "see the certificates";
    /// Know what all teams together cost, and by which rates.
    SeeCompanyCost "see_company_cost" "see what everything costs";
    /// Set prices, taxes and exchange rates.
    SetRates "set_rates" "set rates";
}

const BILLING: Subject = Subject::Team(Role::Billing);
const VIEWER: Subject = Subject::Team(Role::Viewer);
const OPERATOR: Subject = Subject::Team(Role::Operator);
const DEVELOPER: Subject = Subject::Team(Role::Developer);
const OWNER: Subject = Subject::Team(Role::Owner);
const FINANCE: Subject = Subject::Platform(PlatformRole::Finance);
const AUDITOR: Subject = Subject::Platform(PlatformRole::Auditor);
const ADMIN: Subject = Subject::Platform(PlatformRole::Admin);
const TOKEN: Subject = Subject::DeployToken;

impl Action {
    /// The permission table, a row for each action. There is no other place that decides, and who is not named may not.
    #[rustfmt::skip]
    #[expect(clippy::match_same_arms, reason = "a table has a row for each action, also where two are alike")]
    pub const fn allowed(self) -> &'static [Subject] {
        match self {
            Self::See => &[BILLING, VIEWER, OPERATOR, DEVELOPER, OWNER, FINANCE, AUDITOR, ADMIN, TOKEN],
            Self::SeeCost => &[BILLING, VIEWER, OPERATOR, DEVELOPER, OWNER, FINANCE, AUDITOR, ADMIN],
            Self::Inspect => &[VIEWER, OPERATOR, DEVELOPER, OWNER, AUDITOR, ADMIN, TOKEN],
            Self::ReadLogs => &[VIEWER, OPERATOR, DEVELOPER, OWNER, AUDITOR, ADMIN],
            Self::ReadVariables => &[DEVELOPER, OWNER],
            Self::CreateApp => &[DEVELOPER, OWNER],
            Self::Deploy => &[DEVELOPER, OWNER, TOKEN],
            Self::CancelDeploy => &[OPERATOR, DEVELOPER, OWNER, TOKEN],
            Self::RollBack => &[OPERATOR, DEVELOPER, OWNER],
            Self::ChangeSettings => &[DEVELOPER, OWNER],
            Self::ChangeAccess => &[DEVELOPER, OWNER],
            Self::ChangeDomains => &[DEVELOPER, OWNER],
            Self::RevealSecret => &[OWNER],
            Self::Restart => &[OPERATOR, DEVELOPER, OWNER],
            Self::Stop => &[OPERATOR, DEVELOPER, OWNER],
            Self::Scale => &[OPERATOR, DEVELOPER, OWNER],
            Self::DeleteApp => &[DEVELOPER, OWNER],
            Self::SeeTokens => &[DEVELOPER, OWNER, AUDITOR, ADMIN],
            Self::MakeToken => &[DEVELOPER, OWNER],
            Self::WithdrawToken => &[DEVELOPER, OWNER, ADMIN],
            Self::CreateProject => &[DEVELOPER, OWNER],
            Self::DeleteProject => &[OWNER],
            Self::Freeze => &[OWNER],
            Self::SeePeople => &[VIEWER, OPERATOR, DEVELOPER, OWNER, AUDITOR, ADMIN],
            Self::ManagePeople => &[OWNER, ADMIN],
            Self::ReadAudit => &[DEVELOPER, OWNER, AUDITOR, ADMIN],
            Self::RenameTeam => &[OWNER, ADMIN],
            Self::DeleteTeam => &[OWNER, ADMIN],
            Self::SuspendTeam => &[ADMIN],
            Self::SetQuota => &[ADMIN],
            Self::BeOneself => &[BILLING, VIEWER, OPERATOR, DEVELOPER, OWNER, FINANCE, AUDITOR, ADMIN],
            Self::SeeAllTeams => &[FINANCE, AUDITOR, ADMIN],
            Self::ReadPlatformAudit => &[AUDITOR, ADMIN],
            Self::ManagePlatformRoles => &[ADMIN],
            Self::ManageRegistries => &[ADMIN],
            Self::SeeCertificates => &[AUDITOR, ADMIN],
            Self::SeeCompanyCost => &[FINANCE, AUDITOR, ADMIN],
            Self::SetRates => &[FINANCE, ADMIN],
        }
    }

    /// Whether a suspended team is refused it: what changes its things. Reading, and what the platform's admins do to the
    /// team itself, goes on.
    pub const fn stops_while_suspended(self) -> bool {
        match self {
            Self::CreateApp
            | Self::Deploy
            | Self::CancelDeploy
            | Self::RollBack
            | Self::ChangeSettings
            | Self::ChangeAccess
            | Self::ChangeDomains
            | Self::Restart
            | Self::Stop
            | Self::Scale
            | Self::DeleteApp
            | Self::MakeToken
            | Self::CreateProject
            | Self::DeleteProject
            | Self::Freeze
            | Self::ManagePeople
            | Self::RenameTeam
            | Self::DeleteTeam => true,
            Self::See
            | Self::SeeCost
            | Self::Inspect
            | Self::ReadLogs
            | Self::ReadVariables
            | Self::RevealSecret
            | Self::SeeTokens
            | Self::WithdrawToken
            | Self::SeePeople
            | Self::ReadAudit
            | Self::SuspendTeam
            | Self::SetQuota
            | Self::BeOneself
            | Self::SeeAllTeams
            | Self::ReadPlatformAudit
            | Self::ManagePlatformRoles
            | Self::ManageRegistries
            | Self::SeeCertificates
            | Self::SeeCompanyCost
            | Self::SetRates => false,
        }
    }
}

impl Subject {
    /// Asks the table.
    pub fn may(self, action: Action) -> bool {
        action.allowed().contains(&self)
    }
}

impl Role {
    /// Asks the table for this role alone.
    pub fn may(self, action: Action) -> bool {
        Subject::Team(self).may(action)
    }
}

impl PlatformRole {
    /// Asks the table for this role alone.
    pub fn may(self, action: Action) -> bool {
        Subject::Platform(self).may(action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(subject: Subject) -> Vec<Action> {
        Action::ALL.iter().copied().filter(|action| subject.may(*action)).collect()
    }

    #[test]
    fn every_action_can_be_done_by_somebody() {
        assert!(Action::ALL.iter().copied().all(|action| !action.allowed().is_empty()));
    }

    #[test]
    fn billing_and_finance_see_that_things_are_there_and_what_they_cost_and_finance_sets_rates() {
        assert_eq!(of(BILLING), [Action::See, Action::SeeCost, Action::BeOneself]);
        let finance = [
            Action::See,
            Action::SeeCost,
            Action::BeOneself,
            Action::SeeAllTeams,
            Action::SeeCompanyCost,
            Action::SetRates,
        ];
        assert_eq!(of(FINANCE), finance);
    }

    #[test]
    fn who_only_reads_changes_nothing() {
        for reader in [BILLING, VIEWER, FINANCE, AUDITOR] {
            assert!(of(reader).into_iter().all(|action| !action.stops_while_suspended()), "{reader}");
        }
    }

    #[test]
    fn variables_are_for_those_who_set_them() {
        assert_eq!(Action::ReadVariables.allowed(), [DEVELOPER, OWNER]);
    }

    #[test]
    fn an_operator_keeps_apps_running_and_makes_no_release_of_their_own() {
        let more: Vec<_> = of(OPERATOR).into_iter().filter(|action| !VIEWER.may(*action)).collect();
        assert_eq!(more, [Action::CancelDeploy, Action::RollBack, Action::Restart, Action::Stop, Action::Scale]);
    }

    /// From viewer to owner each role may everything that the one before may: “the weakest role” means something.
    #[test]
    fn a_stronger_role_loses_nothing() {
        for pair in [VIEWER, OPERATOR, DEVELOPER, OWNER].windows(2) {
            assert!(of(pair[0]).into_iter().all(|action| pair[1].may(action)), "{pair:?}");
        }
    }

    #[test]
    fn a_deploy_token_deploys() {
        assert_eq!(of(TOKEN), [Action::See, Action::Inspect, Action::Deploy, Action::CancelDeploy]);
    }
}
