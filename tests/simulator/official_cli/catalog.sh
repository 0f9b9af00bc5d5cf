# What is there in any project.
ok location list
prints fsn1
ok location describe hel1
prints Helsinki
ok server-type list
prints cpx11
ok server-type describe cpx11
ok load-balancer-type list
prints lb11
ok load-balancer-type describe lb11
ok image list
prints debian-12
ok image describe debian-12
ok iso list
