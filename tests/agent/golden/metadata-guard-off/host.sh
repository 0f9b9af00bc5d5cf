ip link add eth0 address 96:00:00:00:00:2a type veth peer name wire0
ip link set eth0 up
ip link set wire0 up
ip addr add 203.0.113.10/32 dev eth0
ip route add 172.31.1.1 dev eth0
ip route add default via 172.31.1.1 dev eth0
