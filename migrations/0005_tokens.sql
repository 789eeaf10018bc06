-- What scripts and CI come in with. Only a hash is kept; a token ends with the person, the app, or the token it was made with.
create table tokens (
    id text not null primary key,
    hash text not null unique,
    name text not null,
    person_id text not null references people (id) on delete cascade,
    app_id text references apps (id) on delete cascade, -- the one app it deploys; none: it may what its person may
    made_with text references tokens (id) on delete cascade,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);
create unique index tokens_of_app on tokens (app_id, name) where app_id is not null;
create unique index tokens_of_person on tokens (person_id, name) where app_id is null;
create index tokens_by_maker on tokens (person_id);
create index tokens_by_parent on tokens (made_with);

-- Which deploy a request began, so that one that is sent again begins no second.
create table deploy_keys (
    app_id text not null references apps (id) on delete cascade,
    key text not null, -- the Idempotency-Key, hashed
    request text not null, -- what was asked for, hashed
    deploy_id text not null references deploys (id) on delete cascade,
    created_at bigint not null,
    primary key (app_id, key)
);
create index deploy_keys_of_deploy on deploy_keys (deploy_id);
create index deploy_keys_by_age on deploy_keys (created_at);
