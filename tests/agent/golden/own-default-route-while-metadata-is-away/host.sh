ip link add ens10 address 86:00:00:2a:7d:e0 type veth peer name wire-ens10
ip link set wire-ens10 up
ip link set ens10 up
ip link set ens10 mtu 1450
ip addr add 10.0.0.2/32 dev ens10
ip route add 10.0.0.1 dev ens10
ip route add 10.0.0.0/16 via 10.0.0.1 dev ens10
ip route add default via 10.0.0.1 dev ens10 proto 72 src 10.0.0.2 metric 2048
