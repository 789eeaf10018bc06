-- Hosts outside of the platform's own domain that lead to apps.
create table domains (
    host text not null primary key,
    app_id text not null references apps (id) on delete cascade,
    added_at bigint not null,
    served_since bigint, -- null until it has pointed here
    pointed_at bigint, -- when it last did
    checked_at bigint,
    finding text not null, -- JSON
    redirects_since bigint -- null while it serves the app itself
);
create index domains_by_app on domains (app_id);
