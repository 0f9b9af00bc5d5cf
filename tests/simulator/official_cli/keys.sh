# SSH keys and certificates.
ssh-keygen -q -t ed25519 -N "" -C key -f key
ok ssh-key create --name laptop --public-key-from-file key.pub --label who=me
is /ssh_keys '[.ssh_keys[] | [.name, .labels.who]]' '[["laptop","me"]]'
is /ssh_keys '.ssh_keys[0].fingerprint' "\"$(ssh-keygen -l -E md5 -f key.pub | sed 's/.*MD5:\([0-9a-f:]*\).*/\1/')\""
no "uniqueness_error" ssh-key create --name other --public-key-from-file key.pub
ok ssh-key list -l who=me
prints laptop
ok ssh-key update laptop --name desk
is '/ssh_keys?name=desk' '.ssh_keys | length' 1
ok ssh-key add-label desk where=office
is /ssh_keys '.ssh_keys[0].labels.where' '"office"'
ok ssh-key remove-label desk where
is /ssh_keys '.ssh_keys[0].labels | has("where")' false

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=example.com \
    -addext subjectAltName=DNS:example.com,DNS:www.example.com -keyout cert.key -out cert.pem 2>/dev/null
ok certificate create --name web --cert-file cert.pem --key-file cert.key
is /certificates '.certificates[0].domain_names' '["example.com","www.example.com"]'
ok certificate create --name managed --type managed --domain example.org
is '/certificates?name=managed' '.certificates[0].type' '"managed"'
ok certificate describe web
prints example.com
ok certificate add-label web env=test
is '/certificates?name=web' '.certificates[0].labels.env' '"test"'
ok certificate delete managed
is /certificates '.certificates | length' 1
