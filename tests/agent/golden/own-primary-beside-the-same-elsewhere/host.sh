ip link add eth0 address 96:00:00:00:00:2a type veth peer name wire0
ip link set eth0 up
ip link set wire0 up
ip addr add 203.0.113.10/32 dev eth0
ip route add 172.31.1.1 dev eth0
ip route add default via 172.31.1.1 dev eth0
ip link add ens10 address 86:00:00:2a:7d:e0 type veth peer name wire-ens10
ip link set wire-ens10 up
ip link set ens10 up
ip link set ens10 mtu 1450
ip route add 10.0.0.1 dev ens10
ip route add 10.0.0.0/16 via 10.0.0.1 dev ens10
ip link set lo up
ip addr add 10.0.0.2/32 dev lo
