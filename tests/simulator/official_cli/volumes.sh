ok volume create --name data --size 10 --server web1 --automount --format ext4
is /volumes '.volumes[0] | [.name, .size, .format, .status]' '["data",10,"ext4","available"]'
is /volumes '.volumes[0].linux_device' "\"/dev/disk/by-id/scsi-0HC_Volume_$(curl -sS -H 'Authorization: Bearer writer' "$HCLOUD_ENDPOINT/volumes" | jq '.volumes[0].id')\""
is '/servers?name=web1' '.servers[0].volumes | length' 1
no "" volume attach data --server api1
ok volume detach data
is /volumes '.volumes[0].server' null
ok volume attach data --server api1
ok volume resize data --size 20
is /volumes '.volumes[0].size' 20
no "" volume resize data --size 15
ok volume add-label data backup=daily
is '/volumes?label_selector=backup' '.volumes | length' 1
ok volume enable-protection data delete
ok volume detach data
no "protected" volume delete data
ok volume disable-protection data delete
ok volume update data --name db-data
ok volume describe db-data
prints "20"
no "" volume create --name far --size 10 --location nbg1 --server web1
ok volume create --name far --size 10 --location nbg1
no "" volume attach far --server web1
ok volume list
prints far
ok volume delete far
ok volume delete db-data
is /volumes '.volumes' '[]'
