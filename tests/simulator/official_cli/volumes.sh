attached_volume() {
    local id api1
    ok volume create --name data --size 10 --server web1 --automount --format ext4
    is '/volumes?name=data' '.volumes[0] | [.name, .size, .format, .status]' '["data",10,"ext4","available"]'
    id=$(get '/volumes?name=data' '.volumes[0].id')
    is '/volumes?name=data' '.volumes[0].linux_device' "\"/dev/disk/by-id/scsi-0HC_Volume_$id\""
    is '/servers?name=web1' '.servers[0].volumes' "[$id]"
    no "volume is already attached to a server (volume_already_attached)" volume attach data --server api1
    ok volume detach data
    is '/volumes?name=data' '.volumes[0].server' null
    is '/servers?name=web1' '.servers[0].volumes' '[]'
    ok volume attach data --server api1
    api1=$(get '/servers?name=api1' '.servers[0].id')
    is '/volumes?name=data' '.volumes[0].server' "$api1"
    is '/servers?name=api1' '.servers[0].volumes' "[$id]"
    no "still attached to a server (service_error)" volume delete data
    ok volume detach data
    is '/servers?name=api1' '.servers[0].volumes' '[]'
    ok volume update data --name db-data
    is '/volumes?name=db-data' '[.volumes[].id]' "[$id]"
    ok volume delete db-data
}

lone_volume() {
    # The tool itself refuses this one.
    no "only one of server or location must be provided" \
        volume create --name far --size 10 --location nbg1 --server web1
    ok volume create --name far --size 10 --location nbg1
    is '/volumes?name=far' '.volumes[0] | [.location.name, .server]' '["nbg1",null]'
    no "in another location than the server (invalid_input)" volume attach far --server web1
    ok volume resize far --size 20
    is '/volumes?name=far' '.volumes[0].size' 20
    no "invalid input in field 'size' (invalid_input)" volume resize far --size 15
    is '/volumes?name=far' '.volumes[0].size' 20
    ok volume add-label far backup=daily
    is '/volumes?label_selector=backup' '[.volumes[].name]' '["far"]'
    ok volume enable-protection far delete
    no "protected" volume delete far
    ok volume disable-protection far delete
    ok volume describe far
    prints "20"
    ok volume list
    prints far
    ok volume delete far
}

together attached_volume lone_volume
is /volumes '.volumes' '[]'
